"use strict";
// Shows deliveries as they arrive. Everything from a message is set as text, never as markup; HTML mail is
// shown in a frame that may run nothing and load nothing.

const WORDS = {
  zh: {
    title: "收件沙箱", sms: "短信", email: "邮件", total: "合计", connecting: "连接中", live: "实时", lost: "已断开，重连中",
    intro: "消息真正送达的地方：这里只显示服务器实际收到的短信和邮件，不会发给任何真人。",
    no_sms: "还没有短信。旅程里的短信节点一发出，就会出现在这里。", no_mail: "还没有邮件。", pick: "点一封邮件，在这里阅读。",
    ledger: "台账 (JSON)", faults: "故障开关", clock: "时钟", from: "发件人", to: "收件人", at: "送达时间", ref: "编号",
    no_subject: "（无主题）", other: "English",
  },
  en: {
    title: "Sandbox inbox", sms: "SMS", email: "E-mail", total: "Total", connecting: "Connecting", live: "Live", lost: "Lost, reconnecting",
    intro: "Where messages really arrive: only what the servers received is shown here, and nothing reaches a real person.",
    no_sms: "No SMS yet. As soon as a journey sends one, it appears here.", no_mail: "No mail yet.", pick: "Pick a mail to read it here.",
    ledger: "Ledger (JSON)", faults: "Faults", clock: "Clock", from: "From", to: "To", at: "Delivered", ref: "Reference",
    no_subject: "(no subject)", other: "中文",
  },
};
const SHOWN = 60;
const $ = (id) => document.getElementById(id);
let language = localStorage.getItem("language") || "zh"; // Chinese first
let state = "connecting";
let opened = null;

const word = (key) => WORDS[language][key] || key;
const make = (tag, className, text) => {
  const found = document.createElement(tag);
  if (className) found.className = className;
  if (text !== undefined) found.textContent = text;
  return found;
};
const place = () => (language === "zh" ? "zh-CN" : "en-GB");
const clock = (at) => new Date(at).toLocaleTimeString(place(), { hour12: false });
const stamp = (at) => new Date(at).toLocaleString(place(), { hour12: false });

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const spot of document.querySelectorAll("[data-t]")) spot.textContent = word(spot.dataset.t);
  $("language").textContent = word("other");
  show(state);
  if (opened) read(opened);
}

function show(now) {
  state = now;
  $("live").className = `live ${now === "live" ? "on" : now === "lost" ? "off" : ""}`;
  $("live").textContent = word(now);
}

function meta(left, at) {
  const line = make("div", "meta");
  line.append(make("span", "", left), make("time", "", clock(at)));
  return line;
}

function bubble(delivery) {
  const item = make("li", "fresh");
  item.append(meta(delivery.to, delivery.at), make("div", "text", delivery.text));
  return item;
}

function mail(delivery) {
  const item = make("li", "fresh");
  const button = make("button");
  button.type = "button";
  button.append(make("span", "subject", delivery.subject || word("no_subject")), meta(delivery.to, delivery.at));
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("#mails [aria-current]")) other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    read(delivery);
  });
  item.append(button);
  return item;
}

function read(delivery) {
  opened = delivery;
  const rows = make("table");
  for (const [key, value] of [["from", delivery.from], ["to", delivery.to], ["at", stamp(delivery.at)], ["ref", delivery.ref]]) {
    const row = make("tr");
    row.append(make("th", "", word(key)), make("td", "", value));
    rows.append(row);
  }
  const body = delivery.html ? make("iframe") : make("pre", "", delivery.text || "");
  if (delivery.html) {
    body.setAttribute("sandbox", "");
    body.srcdoc = delivery.html;
  }
  $("reader").replaceChildren(make("h3", "", delivery.subject || word("no_subject")), rows, body);
}

function put(list, item) {
  list.prepend(item);
  while (list.children.length > SHOWN) list.lastElementChild.remove();
}

function take(frame) {
  for (const delivery of frame.news) {
    if (delivery.channel === "sms") put($("bubbles"), bubble(delivery));
    if (delivery.channel === "email") put($("mails"), mail(delivery));
  }
  if (frame.total === 0) for (const list of ["bubbles", "mails"]) $(list).replaceChildren();
  const number = new Intl.NumberFormat();
  $("count-sms").textContent = number.format(frame.counts.sms || 0);
  $("count-email").textContent = number.format(frame.counts.email || 0);
  $("count-total").textContent = number.format(frame.total);
  $("no-sms").hidden = $("bubbles").children.length > 0;
  $("bubbles").hidden = !$("no-sms").hidden;
  $("no-mail").hidden = $("mails").children.length > 0;
}

function connect() {
  const stream = new EventSource("stream");
  stream.onopen = () => {
    for (const list of ["bubbles", "mails"]) $(list).replaceChildren();
    show("live");
  };
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.onerror = () => show("lost");
}

$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
  speak();
});
const tick = () => { $("clock").textContent = new Date().toTimeString().slice(0, 5); };
setInterval(tick, 10_000);
tick();
speak();
connect();
