// This browser as a device: two P-256 keys that WebCrypto does not give out, kept in the browser's own database, and the calls of the API that a device makes.
//
// What it is worth: a page comes from the server, and so does this script. The keys cannot be copied, but whoever can change the script can use them. It is
// for a demo; an app has the library, which does not take the server's word for anything.

import { ecdsa, joined, messageDigest, request, same } from './der.js';

const csrf = document.querySelector('meta[name="csrf"]').content;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNED = { name: 'ECDSA', hash: 'SHA-256' };
const ALGORITHM = 'ecdsa-sha256';

export class Refused extends Error {
  constructor(status, told) {
    const title = told.title ?? told.error_description ?? told.error ?? 'The server refused this.';
    // A registration officer's reason is meant for the person.
    super(told.type === 'urn:thrivosign:problem:request-rejected' && told.detail ? `${title} ${told.detail}` : title);
    this.status = status;
  }
}

const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
const unbase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Canonical JSON (RFC 8785) of objects, texts and lists of texts. */
function canonical(members) {
  const sorted = (value) => Array.isArray(value) || typeof value !== 'object' ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
  return new TextEncoder().encode(JSON.stringify(sorted(members)));
}

/** A call of the API, as the visitor. */
async function call(method, path, body, key) {
  const headers = { 'X-CSRF-Token': csrf };
  if (body) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  const answer = await fetch(`/site/api${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (answer.status === 401) location.assign('/site/sign-in');
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

// The database: one record for each user, with the keys as handles that no script can read.
function database() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('thrivosign-device', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('devices', { keyPath: 'user' });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function store(mode, work) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction('devices', mode, { durability: 'strict' });
      const asked = work(transaction.objectStore('devices'));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

/** The device of that user in this browser, with what it still lacks: `register`, `certificate`, `activate`, or nothing: `ready`. */
export class Device {
  constructor(record) {
    this.record = record;
  }

  static async of(user) {
    const kept = await store('readonly', (devices) => devices.get(user));
    return new Device(kept ?? { user, step: 'register' });
  }

  get step() {
    return this.record.step;
  }

  async #keep(changes) {
    Object.assign(this.record, changes);
    await store('readwrite', (devices) => devices.put(this.record));
  }

  async #signed(keys, bytes) {
    return ecdsa(await crypto.subtle.sign(SIGNED, keys.privateKey, bytes));
  }

  /** Has a code sent for the step that is next. Keys are made before the first, so that a page that is loaded again goes on with them. */
  async ask() {
    const { record } = this;
    if (record.step === 'register') {
      if (!record.uuid) {
        const make = () => crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
        await this.#keep({ uuid: `browser-${crypto.randomUUID()}`, authentication: await make(), signing: await make() });
      }
      await call('POST', '/rssp/devices/activation-code');
    } else if (record.step === 'certificate') {
      const { challenge } = await call('POST', '/rssp/certificates/challenge', { deviceUUID: record.uuid, userAuthentication: { method: 'otp' } });
      await this.#keep({ challenge });
    } else {
      const { challenge } = await call('POST', '/credentials/activate', { credentialID: record.credential, deviceUUID: record.uuid });
      await this.#keep({ challenge });
    }
  }

  /** Goes on with the code that came. */
  async answer(code, name) {
    if (this.step === 'register') await this.#register(code);
    else if (this.step === 'certificate') await this.#certify(code, name);
    else await this.#activate(code);
  }

  async #register(code) {
    const { record } = this;
    const publicKey = base64(await crypto.subtle.exportKey('spki', record.authentication.publicKey));
    const asked = { activationCode: code, deviceUUID: record.uuid, name: 'Browser', platform: 'web', publicKey, attestation: { format: 'none' }, signAlgo: ALGORITHM };
    const proof = base64(await this.#signed(record.authentication, canonical(asked)));
    await call('POST', '/rssp/devices', { ...asked, proof });
    await this.#keep({ step: 'certificate' });
  }

  async #certify(code, name) {
    const { record } = this;
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', record.signing.publicKey));
    const csr = base64(await request(spki, name, record.challenge, (bytes) => this.#signed(record.signing, bytes)));
    const asked = { deviceUUID: record.uuid, csr, userAuthentication: { method: 'otp', value: code }, keyAttestation: { format: 'none', certificates: [] } };
    const issued = await call('POST', '/rssp/certificates', asked, `certificate-${record.challenge}`);
    if (issued.requestID) {
      await this.#keep({ requested: issued.requestID });
      await this.goOn();
    } else {
      await this.#keep({ step: 'activate', credential: issued.credentialID });
    }
  }

  /** Whether a registration officer has yet to decide, as far as this browser knows. */
  get waits() {
    return this.step === 'certificate' && Boolean(this.record.requested);
  }

  /** Waits until the officer has decided, also when the page was left meanwhile. */
  async goOn() {
    const path = `/rssp/certificates/requests/${encodeURIComponent(this.record.requested)}`;
    try {
      let issued = await call('GET', path);
      while (issued.requestID) {
        await new Promise((again) => { setTimeout(again, 1000 * Math.min(issued.retryAfter ?? 5, 30)); });
        issued = await call('GET', path);
      }
      await this.#keep({ step: 'activate', credential: issued.credentialID, requested: undefined });
    } catch (error) {
      // Refused is refused; what the network did is asked again.
      if (error instanceof Refused && (error.status === 403 || error.status === 404)) await this.#keep({ requested: undefined });
      throw error;
    }
  }

  async #activate(code) {
    const { record } = this;
    const asked = { credentialID: record.credential, deviceUUID: record.uuid, signAlgo: 'ECDSA', otpDecrypted: code, shaAlgo: 'sha256' };
    const authorizeSignature = base64(await this.#signed(record.authentication, canonical({ ...asked, challenge: record.challenge })));
    await call('POST', '/credentials/activate/response', { ...asked, authorizeSignature });
    await this.#keep({ step: 'ready' });
  }

  /** Ends the device: the service revokes what hangs on it, and the keys are gone. */
  async forget() {
    try {
      if (this.step !== 'register') await call('DELETE', `/rssp/devices/${this.record.uuid}`);
    } catch (error) {
      // Unknown there: gone already, perhaps from another device.
      if (!(error instanceof Refused && error.status === 404)) throw error;
    }
    await store('readwrite', (devices) => devices.delete(this.record.user));
    this.record = { user: this.record.user, step: 'register' };
  }

  /** What waits for a yes of this device: signatures that the service makes with keys it keeps. */
  async approvals() {
    const { authorizations } = await call('GET', `/rssp/authorizations?deviceUUID=${encodeURIComponent(this.record.uuid)}`);
    return authorizations;
  }

  /** A yes or a no to these hashes and no others. */
  async decide(pending, decision) {
    const answer = { decision, signAlgo: 'ECDSA', shaAlgo: 'sha256' };
    const { authorizationID, credentialID, challenge, hash } = pending;
    const authorizeSignature = base64(await this.#signed(this.record.authentication, canonical({ ...answer, authorizationID, credentialID, challenge, hash })));
    await call('POST', `/rssp/authorizations/${encodeURIComponent(authorizationID)}/response`, { ...answer, authorizeSignature });
  }

  /**
   * Signs an agreement whose bytes were shown. The service prepares; before the key is used it is made sure that what is signed is these bytes and what
   * follows them: they are put together here, hashed here, and their digest is the one that the attributes name.
   */
  async sign(id, shown, asked) {
    const path = `/rssp/agreements/${encodeURIComponent(id)}/signatures`;
    const prepared = await call('POST', path, { ...asked, credentialID: this.record.credential }, crypto.randomUUID());
    const { revision, byteRange: [zero, first, second, rest] } = prepared;
    const attributes = unbase64(prepared.signedAttributes);
    const whole = joined([shown, unbase64(revision.bytes)]);
    if (prepared.digestAlgo !== 'sha256' || revision.offset !== shown.length || zero !== 0 || first <= shown.length || second <= first
      || second + rest !== whole.length) throw new Error('The service prepared something else than this document.');
    const covered = joined([whole.subarray(0, first), whole.subarray(second)]);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', covered));
    if (!same(digest, messageDigest(attributes))) throw new Error('The service asked for a signature of something else than this document.');
    const signature = base64(await this.#signed(this.record.signing, attributes));
    return call('PUT', `${path}/${encodeURIComponent(prepared.signatureID)}`, { signature, signAlgo: ALGORITHM });
  }
}
