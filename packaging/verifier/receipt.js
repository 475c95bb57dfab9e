// SPDX-License-Identifier: GPL-3.0-or-later
// What a receipt states: the small one of the QR code and the full one (sync/receipt/README.md),
// read into one form, and held against the published keys and notices.

const kChannels = ["email", "phone", "sms", "post", "messenger"];
const kStates = ["given", "refused", "withdrawn", "renewed", "expired", "objected", "erased",
                 "confirmed", "revoked", "invalidated"];
const kQualities = ["unset", "holdover", "synced", "stepped"];
const kMostSeconds = 253402300799;  // 9999-12-31T23:59:59Z
const kMostDays = Math.floor(kMostSeconds / 86400);
const kMostDecisions = 64;
const kEveryPurpose = "every-purpose";
const kNoticeParts = ["title", "question", "who", "why", "data", "howOften", "recipients",
                      "howLong", "withdraw", "fullText", "yes", "no"];

function need(condition, member) {
  if (!condition) {
    throw new Problem("member", member);
  }
}

function isName(text) {
  return isText(text) && /^[a-z0-9-]{1,32}$/.test(text);
}

function isCount(number, most = Number.MAX_SAFE_INTEGER) {
  return Number.isSafeInteger(number) && number >= 0 && number <= most;
}

function isText(value) {
  return typeof value === "string";
}

function readDecision(item) {
  need(Array.isArray(item) && item.length === 5, "d");
  const [purpose, channel, state, mark, day] = item;
  need(isName(purpose) && kChannels.includes(channel) && kStates.includes(state), "d");
  need(isCount(day, kMostDays) && fromBase64Url(mark).length === 16, "d");
  return { purpose, channel, state, mark, validUntil: new Date(day * 86400000) };
}

function readSummary(receipt) {
  checkMembers(receipt, ["d", "e", "i", "l", "p", "q", "t", "v", "w"]);
  const [kiosk, epoch, ...seqs] = Array.isArray(receipt.w) ? receipt.w : [];
  need(receipt.v === 1, "v");
  need(isName(kiosk) && seqs.length > 0 && receipt.w.length <= kMostDecisions, "w");
  need(seqs.every((seq) => isCount(seq)), "w");
  need(isName(receipt.e) && isText(receipt.l), "e");
  need(isCount(receipt.t, kMostSeconds) && kQualities.includes(receipt.q), "t");
  need(receipt.p === true, "p");
  need(Array.isArray(receipt.d) && receipt.d.length > 0, "d");
  need(receipt.d.length <= kMostDecisions, "d");
  const id = fromBase64Url(receipt.i);
  const epochBytes = fromBase64Url(epoch);
  need(id.length === 16 && epochBytes.length === 8, "i");
  return {
    kind: "summary", id: toHex(id), event: receipt.e, language: receipt.l,
    kiosk, epoch: toHex(epochBytes), seqs,
    at: new Date(receipt.t * 1000), quality: receipt.q,
    decisions: receipt.d.map(readDecision), text: "",
  };
}

function readTime(text) {
  const time = new Date(text);
  need(isText(text) && !Number.isNaN(time.valueOf()), "dct:valid");
  return time;
}

function readProcess(process) {
  const notice = process["dpv:hasNotice"];
  const consent = process["tapport:event"][0];
  const state = consent["tapport:state"];
  const channel = process["tapport:channel"];
  const purpose = process["dpv:hasPurpose"]["dct:identifier"];
  need(kChannels.includes(channel) && kStates.includes(state), "tapport:state");
  need(isText(purpose), "dpv:hasPurpose");
  return {
    purpose, channel, state,
    mark: markOf(notice["tapport:sha256"]),
    validUntil: readTime(consent["dct:valid"]),
  };
}

function readFull(receipt) {
  try {
    const witness = receipt["tapport:witness"];
    const record = receipt["dct:hasPart"];
    fromHex(receipt["dct:identifier"], 16);
    fromHex(witness["tapport:epoch"], 8);
    const processes = record["dpv:hasProcess"];
    need(isText(receipt["dct:language"]) && isText(receipt["dct:description"]), "dct:language");
    need(isText(witness["tapport:kiosk"]) && isCount(witness["tapport:seq"]), "tapport:witness");
    return {
      kind: "full", id: receipt["dct:identifier"],
      event: record["dpv:hasService"]["dct:identifier"], language: receipt["dct:language"],
      kiosk: witness["tapport:kiosk"], epoch: witness["tapport:epoch"],
      seqs: [witness["tapport:seq"]], at: readTime(receipt["dct:created"]),
      quality: processes[0]["tapport:event"][0]["tapport:clock"]["tapport:quality"],
      decisions: processes.map(readProcess), text: receipt["dct:description"],
    };
  } catch (problem) {
    throw problem instanceof Problem ? problem : new Problem("member", "dct:hasPart");
  }
}

/** What a summary shows of a notice's hash: its first 16 bytes. */
function markOf(hash) {
  return toBase64Url(fromHex(hash, 32).slice(0, 16));
}

/** SHA-256 over netstrings: sync/event/README.md. */
async function hashOf(notice) {
  const netstrings = kNoticeParts.map((part) => {
    const text = part === "fullText" ? notice[part].join("\n\n") : notice[part];
    return `${bytesOf(text).length}:${text},`;
  });
  return toHex(await sha256(bytesOf(netstrings.join(""))));
}

/**
 * The words that were shown, and in which language: the mark stands for it, too, and who changes it
 * in the middle of a visit is asked in two. The version alone for an earlier one. A Problem for
 * unpublished.
 */
async function wordsShown(decision, notices) {
  if (decision.purpose === kEveryPurpose) {
    return {};
  }
  const ask = notices.asks.find((one) => one.purpose === decision.purpose &&
                                         one.channel === decision.channel);
  for (const [language, words] of Object.entries(ask?.texts ?? {})) {
    if (markOf(await hashOf(words)) === decision.mark) {
      return { words, language };
    }
  }
  const earlier = ask?.notice.earlier?.find(
    ({ hashes }) => Object.values(hashes).some((hash) => markOf(hash) === decision.mark));
  if (!earlier) {
    throw new Problem("notice", `${decision.purpose} (${decision.channel})`);
  }
  return { earlierVersion: earlier.version };
}

/** `<address>/r/<id>#<JWS>`, or the JWS alone. */
function splitLink(text) {
  const mark = text.indexOf("#");
  if (mark < 0) {
    return { jws: text };
  }
  const [, address, id] = /^(.*)\/r\/([0-9a-f]{32})$/.exec(text.slice(0, mark)) ?? [];
  if (!id) {
    throw new Problem("link");
  }
  return { jws: text.slice(mark + 1), id, address };
}

/** What the receipt states, and whether it stands: "valid", "unconfirmed". Else a Problem. */
async function verifyReceipt(text, { keySet, notices }) {
  const link = splitLink(text.trim());
  const jws = splitJws(link.jws);
  const key = keySet.keys.find((one) => one.id === jws.keyId);
  if (!key) {
    throw new Problem("unknownKey", jws.keyId);
  }
  if (!(await fits(jws.signature, jws.input, key.publicKey))) {
    throw new Problem("signature", key.kiosk);
  }
  const receipt = parseCanonical(jws.payload);
  const statement = jws.payload.startsWith('{"@context":') ? readFull(receipt)
                                                           : readSummary(receipt);
  if (link.id !== undefined && link.id !== statement.id) {
    throw new Problem("linkId");
  }
  if (statement.event !== keySet.event || (notices && notices.id !== keySet.event)) {
    throw new Problem("otherEvent", statement.event);
  }
  if (statement.kiosk !== key.kiosk) {
    throw new Problem("otherKiosk", statement.kiosk);
  }
  statement.isElsewhere = link.id !== undefined && notices !== null &&
                          link.address !== notices.receiptUrl;
  for (const decision of notices ? statement.decisions : []) {
    Object.assign(decision, await wordsShown(decision, notices));
  }
  return { verdict: vouchesFor(key, statement) ? "valid" : "unconfirmed", statement,
           keyId: key.id };
}
