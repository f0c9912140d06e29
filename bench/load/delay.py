"""Passes bytes on half a millisecond late each way: a round trip of one. Arguments: port, target."""
import asyncio
import sys

HALF = 0.0005


async def pump(reader, writer):
    loop = asyncio.get_running_loop()
    try:
        while data := await reader.read(1 << 16):
            loop.call_later(HALF, writer.write, data)
        loop.call_later(2 * HALF, writer.close)
    except ConnectionError:
        writer.close()


async def serve(reader, writer):
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
