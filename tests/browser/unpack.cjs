// Unpacks the brotli files of the browser's npm package with Node's own zlib; arguments: from, to.
const zlib = require("zlib");
const fs = require("fs");
const [from, to] = process.argv.slice(2);
for (const name of fs.readdirSync(from).filter((name) => name.endsWith(".br")))
  fs.writeFileSync(`${to}/${name.slice(0, -3)}`, zlib.brotliDecompressSync(fs.readFileSync(`${from}/${name}`)));
