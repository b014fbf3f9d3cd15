// Files as scripts: a page that was opened from a folder may load nothing else. More than one bundle of a page may hold
// this module, so what is under way is known to the page as a whole.

import { element } from "./pad.js";

const loading = (globalThis.digitsLoading ??= new Map());

// What such a script calls: its name, and its bytes in characters of seven bits each.
globalThis.digitsFile ??= (name, text) => loading.get(name).resolve(fromText(text));

// The bytes of a file, by its name in the script that holds it and the address of that script.
export function bytesOf(name, address) {
  if (!loading.has(name)) {
    const entry = {};
    entry.bytes = new Promise((resolve, reject) => {
      const script = element("script", { src: address });
      Object.assign(entry, { resolve });
      script.onerror = () => {
        loading.delete(name);
        reject(new Error(`${script.getAttribute("src")} is missing. Copy the whole folder again.`));
      };
      loading.set(name, entry);
      document.head.append(script);
    });
  }
  return loading.get(name).bytes;
}

function fromText(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 7) / 8));
  let [buffer, bits, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    buffer = ((buffer << 7) | text.charCodeAt(i)) & 0x7fff;
    bits += 7;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 0xff;
    }
  }
  return bytes;
}
