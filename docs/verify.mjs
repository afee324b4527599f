// Checks a certificate of erasure without Qingdan: node verify.mjs FILE PUBLIC_KEY_HEX
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [file, key] = process.argv.slice(2);
const { certificate, entry, index, path, head } = JSON.parse(readFileSync(file, 'utf8'));
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hex = (text) => Buffer.from(text, 'hex');
const fail = (why) => { console.error(`NOT genuine: ${why}`); process.exit(1); };

// An Ed25519 public key as DER is twelve fixed bytes and the key.
const der = Buffer.concat([hex('302a300506032b6570032100'), hex(key)]);
const signer = createPublicKey({ key: der, format: 'der', type: 'spki' });
for (const [name, signed] of Object.entries({ certificate, head })) {
  if (signed.algorithm !== 'Ed25519') fail(`${name}: ${signed.algorithm} is not known here`);
  if (signed.key.toLowerCase() !== key.toLowerCase()) fail(`${name}: signed by somebody else`);
  if (!verify(null, Buffer.from(signed.body), signer, hex(signed.signature))) fail(`${name}: changed`);
}
// The entry of the audit log names the certificate ...
const named = JSON.parse(entry.body).detail.certificate;
if (named !== sha256(Buffer.from(certificate.body)).toString('hex')) fail('the entry is about another one');
// ... and stands in the tree whose root was signed (RFC 9162 section 2.1.3.2).
const { size, root } = JSON.parse(head.body);
let hash = sha256(Buffer.from([0]), hex(entry.previous), Buffer.from(entry.body));
let [at, last] = [index, size - 1];
for (const other of path.map(hex)) {
  if (at % 2 === 1 || at === last) {
    hash = sha256(Buffer.from([1]), other, hash);
    while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  } else hash = sha256(Buffer.from([1]), hash, other);
  [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
}
if (index >= size || last !== 0 || hash.toString('hex') !== root) fail('the entry is not in the log');
console.log(`genuine: ${JSON.parse(certificate.body).number}`);
