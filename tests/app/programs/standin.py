"""A program for trying the supervisor: listens where its settings say, answers 200, keeps a grandchild if asked."""

import asyncio
import os
import signal
import subprocess
import sys
import time


async def answer(reader, writer):
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def serve(binds):
    for bind in binds:
        host, port = bind.rsplit(":", 1)
        await asyncio.start_server(answer, host, int(port))
    await asyncio.Event().wait()


def main():
    if reason := os.environ.get("STANDIN_REFUSES"):
        sys.exit(reason)
    if os.environ.get("STANDIN_GRANDCHILD"):
        subprocess.Popen(["bash", "-c", "trap '' TERM; exec sleep 600"])
    if os.environ.get("STANDIN_STOPS_SLOWLY"):
        signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.7), sys.exit()))
    binds = [f"127.0.0.1:{word}" if word.isdigit() else os.environ[word] for word in sys.argv[1:]]
    asyncio.run(serve(binds))


if __name__ == "__main__":
    main()
