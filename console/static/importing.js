// Puts a chosen file into the form as text: what is sent is what one sees. Without this script, paste it.
const chooser = document.getElementById("file");
const list = document.getElementById("list");
const name = document.getElementById("name");

if (chooser && list && name) {
  chooser.closest("p").hidden = false;
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (!file) return;
    list.value = await file.text();
    name.value = file.name;
    const format = document.querySelector(`input[name="format"][value="${/\.csv$/i.test(file.name) ? "csv" : "hsds"}"]`);
    if (format) format.checked = true;
  });
}
