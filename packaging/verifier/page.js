// SPDX-License-Identifier: GPL-3.0-or-later
// The page: takes a receipt, keys, notices and the root key, and shows the finding. Everything from
// outside is put in as text, never as markup.

const kClockCautions = [["unset", "clockNotSet"], ["stepped", "clockMoved"]];
const kHubLink = "hub-link";  // what was said on the page of a receipt, the hub records
const kFacts = ["who", "why", "data", "howOften", "recipients", "howLong", "withdraw"];

const state = {
  language: navigator.language.startsWith("de") ? "de" : "en",
  isChosen: false,  // the language; else the receipt's is taken
  receipt: "", keys: null, notices: null,
  root: "",         // as typed, or as the publisher embedded it
  isPinned: false,  // embedded: it cannot be changed here
  problem: null,    // of the last file that was put in
};

function words() {
  return kWords[state.language];
}

function byId(id) {
  return document.getElementById(id);
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function dayText(date) {
  return date.toLocaleDateString(words().locale, { dateStyle: "long", timeZone: "UTC" });
}

function timeText(date) {
  const time = date.toLocaleTimeString(words().locale, { timeStyle: "short", timeZone: "UTC" });
  return `${dayText(date)}, ${time} UTC`;
}

function recordedText(statement) {
  const where = [statement.epoch, statement.seqs.join(", ")];
  return statement.kiosk === kHubLink
    ? fill(words().recordedOnPage, timeText(statement.at), ...where)
    : fill(words().recorded, timeText(statement.at), statement.kiosk, ...where);
}

function isYes(decision) {
  return decision.state === "given" || decision.state === "renewed";
}

function showDecision(decision) {
  const shown = decision.words;
  const title = decision.purpose === kEveryPurpose ? words().everything
                                                   : shown?.title ?? decision.purpose;
  const card = element("article", isYes(decision) ? "yes" : "no",
    element("header", "", element("h3", "", `${title} · ${words().channels[decision.channel]}`),
            element("span", "state", words().states[decision.state])));
  if (shown) {
    const question = element("p", "question", shown.question);
    question.lang = decision.language;
    card.append(question);
  } else if (decision.earlierVersion) {
    card.append(element("p", "soft", fill(words().earlierWords, decision.earlierVersion)));
  }
  const list = element("dl", "");
  for (const fact of shown && isYes(decision) ? kFacts : []) {
    const value = element("dd", "", shown[fact]);
    value.lang = decision.language;
    list.append(element("dt", "", words()[fact]), value);
  }
  if (isYes(decision)) {
    list.append(element("dt", "", words().validUntil),
                element("dd", "", dayText(decision.validUntil)));
  }
  if (list.hasChildNodes()) {
    card.append(list);
  }
  if (isYes(decision) && state.notices?.profile.doubleOptIn.includes(decision.channel)) {
    card.append(element("p", "soft", words().pending));
  }
  return card;
}

function showStatement(statement, keyId) {
  const shown = byId("statement");
  shown.replaceChildren(element("h2", "", words().agreed));
  shown.append(...statement.decisions.map(showDecision));
  if (!state.notices) {
    shown.append(element("p", "soft", words().unchecked));
  }
  if (statement.isElsewhere) {
    shown.append(element("p", "caution",
                         fill(words().otherAddress, state.notices.receiptUrl)));
  }
  if (statement.decisions.some((one) => one.state === "refused")) {
    shown.append(element("p", "soft", words().oneOff));
  }
  shown.append(element("h2", "", words().witness),
               element("p", "", recordedText(statement)));
  for (const [quality, caution] of kClockCautions) {
    if (statement.quality === quality) {
      shown.append(element("p", "soft", words()[caution]));
    }
  }
  if (statement.decisions.some(isYes)) {
    shown.append(element("p", "soft", words().provisional));
  }
  if (statement.text !== "") {
    const text = element("pre", "", statement.text);
    text.lang = statement.language;
    shown.append(element("details", "", element("summary", "", words().readable), text));
  }
  shown.append(element("details", "", element("summary", "", words().details),
    element("dl", "", element("dt", "", words().receiptId), element("dd", "mono", statement.id),
            element("dt", "", words().key), element("dd", "mono", keyId))));
}

function showVerdict(verdict, heading, why) {
  document.body.dataset.verdict = verdict;
  byId("verdict-heading").textContent = heading;
  byId("verdict-why").textContent = why;
  if (verdict !== "valid" && verdict !== "unconfirmed" && verdict !== "unpinned") {
    byId("statement").replaceChildren();
  }
}

/** The root key to check with; without one, what the notices themselves claim. */
function rootKey() {
  const text = state.root.trim().toLowerCase();
  if (text === "" && !state.notices) {
    throw new Problem("noRoot");
  }
  try {
    return fromHex(text === "" ? state.notices.rootKey : text, 32);
  } catch {
    throw new Problem("badRoot");
  }
}

/** What is missing in order to check anything is no fault of the receipt. */
const kUnable = ["browser", "noKeys", "noRoot", "badRoot", "badFile"];

async function check() {
  await checkBrowser();
  if (state.problem) {
    throw state.problem;
  }
  if (!state.keys) {
    throw new Problem("noKeys");
  }
  const root = rootKey();
  const keySet = await readKeySet(state.keys, root);
  if (state.notices) {
    await checkDocument(state.notices, root, "notices.json");
  }
  return verifyReceipt(state.receipt, { keySet, notices: state.notices });
}

let checks = 0;

async function update() {
  const mine = ++checks;  // a later one overtakes this one
  showInputs();
  if (state.receipt.trim() === "" && !state.problem) {
    showVerdict("waiting", words().waiting, "");
    return;
  }
  let finding;
  try {
    finding = await check();
  } catch (problem) {
    if (mine === checks) {
      const known = problem instanceof Problem ? problem : new Problem("member", problem.message);
      const verdict = kUnable.includes(known.code) ? "unable" : "invalid";
      showVerdict(verdict, words()[verdict], fill(words().problems[known.code], known.detail));
      document.body.dataset.problem = known.code;
    }
    return;
  }
  if (mine !== checks) {
    return;
  }
  const { statement, keyId } = finding;
  if (!state.isChosen && kWords[statement.language]) {
    state.language = statement.language;
    showInputs();
  }
  const isPinned = state.root.trim() !== "";
  const verdict = finding.verdict === "valid" && !isPinned ? "unpinned" : finding.verdict;
  delete document.body.dataset.problem;
  const isHubs = statement.kiosk === kHubLink && verdict === "valid";
  const why = fill(words()[`${verdict}Why`], isHubs ? words().hub : statement.kiosk);
  showVerdict(verdict, words()[verdict], isPinned ? why : `${why} ${words().comparePin}`);
  showStatement(statement, keyId);
}

function showInputs() {
  document.documentElement.lang = state.language;
  document.title = words().title;
  for (const labelled of document.querySelectorAll("[data-word]")) {
    labelled.textContent = words()[labelled.dataset.word];
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", button.dataset.language === state.language);
  }
  for (const name of ["keys", "notices"]) {
    byId(`${name}-state`).textContent = state[name] ? words().have : words().missing;
    byId(`${name}-state`).dataset.here = state[name] !== null;
  }
  byId("root").readOnly = state.isPinned;
  byId("root").placeholder = state.notices?.rootKey ?? "";
}

function take(text, name) {
  state.problem = null;
  if (!text.trimStart().startsWith("{")) {
    state.receipt = byId("receipt").value = text.trim();
    return;
  }
  try {
    const document = parseProfile(text);
    if (Array.isArray(document.keys)) {
      state.keys = document;
    } else if (Array.isArray(document.asks)) {
      state.notices = document;
    } else {
      throw new Problem("badFile", name);
    }
  } catch {
    state.problem = new Problem("badFile", name);
  }
}

async function takeFiles(files) {
  for (const file of files) {
    take(await file.text(), file.name);
  }
  await update();
}

function start() {
  const published = parseProfile(byId("published").textContent);
  state.keys = published.keys;
  state.notices = published.notices;
  state.isPinned = published.root !== null;
  state.root = byId("root").value = published.root ?? "";
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      state.language = button.dataset.language;
      state.isChosen = true;
      update();
    });
  }
  byId("receipt").addEventListener("input", (event) => {
    state.problem = null;
    state.receipt = event.target.value;
    update();
  });
  byId("root").addEventListener("input", (event) => {
    state.root = event.target.value;
    update();
  });
  byId("files").addEventListener("change", (event) => takeFiles(event.target.files));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    takeFiles(event.dataTransfer.files);
  });
  addEventListener("hashchange", takeFragment);
  takeFragment();
}

/** `verify.html#<JWS>`: what stands behind # is never sent. */
function takeFragment() {
  if (location.hash.length > 1) {
    take(location.hash.slice(1), "#");
  }
  update();
}

start();
