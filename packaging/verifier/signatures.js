// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures: compact JWS with Ed25519 (RFC 7515, RFC 8037) and nothing else of the family, and the
// two documents that the event's root signs. What a receipt says about its key is never believed.

const kEd25519 = "Ed25519";

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The first 8 bytes of the JWK thumbprint (RFC 7638). */
async function keyIdOf(publicKey) {
  const jwk = `{"crv":"Ed25519","kty":"OKP","x":"${toBase64Url(publicKey)}"}`;
  return toBase64Url((await sha256(bytesOf(jwk))).slice(0, 8));
}

async function fits(signature, input, publicKey) {
  const key = await crypto.subtle.importKey("raw", publicKey, kEd25519, false, ["verify"]);
  return crypto.subtle.verify(kEd25519, key, signature, bytesOf(input));
}

/** Old browsers have no Ed25519; without https: or file: there is no WebCrypto at all. */
async function checkBrowser() {
  const basePoint = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);
  try {
    await crypto.subtle.importKey("raw", basePoint, kEd25519, false, ["verify"]);
  } catch {
    throw new Problem("browser");
  }
}

function readHeader(part) {
  const text = textOf(fromBase64Url(part));
  const header = parseProfile(text);
  if (header === null || header.alg !== "EdDSA") {
    throw new Problem("algorithm");
  }
  checkMembers(header, ["alg", "kid"]);
  if (typeof header.kid !== "string" || fromBase64Url(header.kid).length !== 8) {
    throw new Problem("member", "kid");
  }
  if (canonical(header) !== text) {
    throw new Problem("canonical");
  }
  return header.kid;
}

/** Taken apart, not yet known to fit. */
function splitJws(text) {
  if (text.length > kMostJws) {
    throw new Problem("tooLong");
  }
  const parts = text.split(".");
  if (parts.length !== 3) {
    throw new Problem("parts");
  }
  const [header, payload, signature] = parts;
  const jws = {
    keyId: readHeader(header),
    payload: textOf(fromBase64Url(payload)),
    input: `${header}.${payload}`,
    signature: fromBase64Url(signature),
  };
  if (jws.signature.length !== 64) {
    throw new Problem("base64");
  }
  return jws;
}

/** `document.signature` is a detached JWS over everything else in canonical form. */
async function checkDocument(document, root, name) {
  const { signature, ...signed } = document;
  const parts = String(signature).split(".");
  if (parts.length !== 3 || parts[1] !== "") {
    throw new Problem("documentSignature", name);
  }
  const input = `${parts[0]}.${toBase64Url(bytesOf(canonical(signed)))}`;
  if (readHeader(parts[0]) !== (await keyIdOf(root))) {
    throw new Problem("otherRoot", name);
  }
  if (!(await fits(fromBase64Url(parts[2]), input, root))) {
    throw new Problem("documentSignature", name);
  }
}

async function readKey(jwk) {
  checkMembers(jwk, ["alg", "crv", "kid", "kiosk", "kty", "use", "x"], ["revoked"]);
  const publicKey = fromBase64Url(jwk.x);
  if (jwk.alg !== "EdDSA" || jwk.crv !== "Ed25519" || jwk.kty !== "OKP" || jwk.use !== "sig" ||
      publicKey.length !== 32 || jwk.kid !== (await keyIdOf(publicKey))) {
    throw new Problem("member", "keys");
  }
  if (jwk.revoked !== undefined) {
    if (!Array.isArray(jwk.revoked)) {
      throw new Problem("member", "keys");
    }
    for (const held of jwk.revoked) {
      checkMembers(held, ["epoch", "seq"]);
      fromHex(held.epoch, 8);
    }
  }
  return { id: jwk.kid, kiosk: jwk.kiosk, publicKey, revoked: jwk.revoked };
}

/** The published keys, once the root vouches for them. */
async function readKeySet(document, root) {
  checkMembers(document, ["event", "issuedAt", "keys", "signature"]);
  await checkDocument(document, root, "keys.json");
  const keys = await Promise.all(document.keys.map(readKey));
  if (new Set(keys.map((key) => key.id)).size !== keys.length) {
    throw new Problem("member", "keys");
  }
  return { event: document.event, keys };
}

/** What stands later than the last record that the hub held of its epoch may be forged. */
function vouchesFor(key, statement) {
  return key.revoked === undefined ||
    key.revoked.some((held) => held.epoch === statement.epoch &&
                     statement.seqs.every((seq) => seq <= held.seq));
}
