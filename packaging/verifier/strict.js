// SPDX-License-Identifier: GPL-3.0-or-later
// Text that is signed has one spelling only: base64url (RFC 4648 section 5), the JSON profile of
// sync/receipt/README.md and its canonical form (RFC 8785). Anything else is a Problem.

/** `code` picks the sentence in words.js, `detail` fills it in. */
class Problem extends Error {
  constructor(code, detail = "") {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

const kMostJws = 128 * 1024;
const kMostProfile = 1024 * 1024;
const kDeepest = 32;

function toBase64Url(bytes) {
  let binary = "";
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Without padding, and with zero bits where nothing is encoded: each value has one text. */
function fromBase64Url(text) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    throw new Problem("base64");
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
  if (toBase64Url(bytes) !== text) {
    throw new Problem("base64");
  }
  return bytes;
}

function toHex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text, size) {
  if (typeof text !== "string" || text.length !== 2 * size || !/^[0-9a-f]*$/.test(text)) {
    throw new Problem("member", "hex");
  }
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem("utf8");
  }
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

/** RFC 8785: JSON.stringify and the default sort are what it is defined by. */
function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** What JSON.parse lets pass silently: a key that stands twice, a float. `text` is valid JSON. */
function checkTokens(text) {
  const open = [];
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]|-?\d[\d.eE+-]*/g)) {
    if (token === "{") {
      open.push(new Set());
    } else if (token === "}") {
      open.pop();
    } else if (token === ":") {
      const key = JSON.parse(last);
      if (open.at(-1).has(key)) {
        throw new Problem("twice");
      }
      open.at(-1).add(key);
    } else if (token[0] !== '"' && /[.eE]/.test(token)) {
      throw new Problem("float");
    }
    last = token;
  }
}

function checkValues(value, depth) {
  if (depth > kDeepest) {
    throw new Problem("deep");
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new Problem("float");
  }
  if (typeof value === "string" && /[\p{Surrogate}\0]/u.test(value)) {
    throw new Problem("utf8");
  }
  if (value !== null && typeof value === "object") {
    for (const [key, item] of Object.entries(value)) {
      if (!/^[\x00-\x7F]*$/.test(key)) {
        throw new Problem("asciiKey");
      }
      checkValues(item, depth + 1);
    }
  }
}

function parseProfile(text) {
  if (text.length > kMostProfile) {
    throw new Problem("tooLong");
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem("json");
  }
  checkTokens(text);
  checkValues(value, 0);
  return value;
}

function parseCanonical(text) {
  const value = parseProfile(text);
  if (canonical(value) !== text) {
    throw new Problem("canonical");
  }
  return value;
}

/** A Problem unless `object` is one and has no member but these. */
function checkMembers(object, needed, optional = []) {
  if (object === null || typeof object !== "object" || Array.isArray(object)) {
    throw new Problem("member", "object");
  }
  const missing = needed.find((key) => !Object.hasOwn(object, key));
  const unknown = Object.keys(object).find((key) => ![...needed, ...optional].includes(key));
  if (missing !== undefined || unknown !== undefined) {
    throw new Problem("member", missing ?? unknown);
  }
}
