// DER (X.690), as much of it as a device needs: writes a certification request (RFC 2986), turns WebCrypto's signatures into those of certificates and CMS
// (RFC 3279 2.2.3), and reads the message digest out of signed attributes (RFC 5652 11.2).

const SEQUENCE = 0x30, SET = 0x31, INTEGER = 0x02, BIT_STRING = 0x03, OCTET_STRING = 0x04, OID = 0x06, UTF8_STRING = 0x0c, ATTRIBUTES = 0xa0;
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const CHALLENGE_PASSWORD = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x07];
const COMMON_NAME = [0x55, 0x04, 0x03];
const MESSAGE_DIGEST = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function value(tag, ...parts) {
  const body = joined(parts);
  if (body.length < 0x80) return joined([[tag, body.length], body]);
  const length = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return joined([[tag, 0x80 | length.length], length, body]);
}

function integer(bytes) {
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const body = bytes.subarray(first);
  return value(INTEGER, body[0] & 0x80 ? [0] : [], body);
}

/** ECDSA-Sig-Value of the pair of numbers that WebCrypto gives. */
export function ecdsa(pair) {
  const bytes = new Uint8Array(pair);
  const half = bytes.length / 2;
  return value(SEQUENCE, integer(bytes.subarray(0, half)), integer(bytes.subarray(half)));
}

/** A certification request for a key, with the service's challenge in it. `sign` gives a signature of the key over what it is given. */
export async function request(spki, name, challenge, sign) {
  const text = new TextEncoder();
  const subject = value(SEQUENCE, value(SET, value(SEQUENCE, value(OID, COMMON_NAME), value(UTF8_STRING, text.encode(name)))));
  const attribute = value(SEQUENCE, value(OID, CHALLENGE_PASSWORD), value(SET, value(UTF8_STRING, text.encode(challenge))));
  const asked = value(SEQUENCE, value(INTEGER, [0]), subject, spki, value(ATTRIBUTES, attribute));
  return value(SEQUENCE, asked, value(SEQUENCE, value(OID, ECDSA_WITH_SHA256)), value(BIT_STRING, [0], await sign(asked)));
}

/** The value at an offset: its tag, its body, and where the next begins. */
function read(bytes, at) {
  let length = bytes[at + 1], start = at + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 4) throw new Error('no DER');
    length = 0;
    for (const octet of bytes.subarray(start, start + octets)) length = length * 256 + octet;
    start += octets;
  }
  if (!(start + length <= bytes.length)) throw new Error('no DER');
  return { tag: bytes[at], body: bytes.subarray(start, start + length), next: start + length };
}

function all(bytes) {
  const values = [];
  for (let at = 0; at < bytes.length;) {
    const found = read(bytes, at);
    values.push(found);
    at = found.next;
  }
  return values;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** The one message digest of signed attributes; an error if there is none, or more than one. */
export function messageDigest(attributes) {
  const set = read(attributes, 0);
  if (set.tag !== SET || set.next !== attributes.length) throw new Error('no signed attributes');
  const found = all(set.body).map((attribute) => all(attribute.body)).filter(([type]) => type.tag === OID && same(type.body, MESSAGE_DIGEST));
  const values = found.length === 1 ? all(found[0][1].body) : [];
  if (values.length !== 1 || values[0].tag !== OCTET_STRING) throw new Error('not one message digest');
  return values[0].body;
}
