// The reader's key of this login, as pages ask for it.
// {privateKey, publicKey, raw32Public}, or null while nobody has unlocked: lines say so then, and nothing is opened.
export async function readerKey() {
  return null;
}
