// @ts-check
/** Runs under Node.js: compresses what comes in with zstd, as small as `frontend/lite.mjs` can read it. */
import { buffer } from "node:stream/consumers";
import { constants, zstdCompressSync } from "node:zlib";

const params = { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 23 };
process.stdout.write(zstdCompressSync(await buffer(process.stdin), { params }));
