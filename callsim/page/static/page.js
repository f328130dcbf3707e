// Texts of bots become text nodes only: nothing here makes markup of a string.
"use strict";

const $ = (id) => document.getElementById(id);
const token = document.querySelector("meta[name=token]").content;
let chosen = "", everything = false, newest = "", awaited = false, number = 0, offset = 0, first = 0, last = 0, stands = false, recording = false;
const mostLines = 400; // that are shown

function element(name, text, kind) {
	const e = document.createElement(name);
	if (text !== undefined) e.textContent = text;
	if (kind) e.className = kind;
	return e;
}

function say(text, bad) {
	$("status").textContent = text;
	$("status").className = bad ? "bad" : "";
}

async function get(path) {
	const answer = await fetch(path);
	if (!answer.ok) throw new Error(await answer.text());
	return answer;
}

async function post(path, body, done) {
	try {
		const answer = await fetch(path, {method: "POST", headers: {"X-Callsim-Token": token, "Content-Type": "application/json"}, body: JSON.stringify(body)});
		if (!answer.ok) throw new Error(await answer.text());
		say(done || "Done.");
	} catch (e) {
		awaited = false;
		say(e.message, true);
	}
	refresh();
}

const step = (s, done) => post("/do", s, done);

function age(from, to) {
	const s = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
	return s < 60 ? s + " s" : s < 3600 ? Math.floor(s / 60) + " min" : Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
}

// Calls

function showCalls(all) {
	$("total").textContent = "(" + all.total + ")";
	$("clock").textContent = all.now.slice(11, 19) + (all.stands ? " (stopped)" : "");
	stands = all.stands;
	$("stand").textContent = stands ? "Let clock go on" : "Stop clock";
	recording = all.recording;
	$("record").textContent = recording ? "Record anew" : "Record";
	$("older").hidden = offset + all.calls?.length >= all.total || !all.calls;
	$("newer").hidden = offset === 0;
	const known = new Map([...$("calls").querySelectorAll("button")].map((b) => [b.dataset.id, b]));
	const items = (all.calls || []).map((c) => {
		const b = known.get(c.ID) || element("button");
		const text = c.State + " " + (c.Direction === "incoming" ? "from " : "to ") + (c.With || "?") + ", " + age(c.Since, all.now) + (c.Result ? ", " + c.Result : "");
		if (b.textContent !== text) b.textContent = text;
		b.type = "button";
		b.dataset.id = c.ID;
		b.setAttribute("aria-current", c.ID === chosen);
		return b;
	});
	const ids = items.map((b) => b.dataset.id).join();
	if ($("calls").dataset.ids !== ids) {
		const had = document.activeElement?.dataset?.id;
		$("calls").dataset.ids = ids;
		$("calls").replaceChildren(...items.map((b) => { const li = element("li"); li.append(b); return li; }));
		if (had) items.find((b) => b.dataset.id === had)?.focus();
	}
	$("all").setAttribute("aria-pressed", everything);
	const latest = offset === 0 && all.calls?.length ? all.calls[0].ID : newest;
	if (awaited && latest !== newest) {
		awaited = false;
		choose(latest);
	}
	newest = latest;
	if (!chosen && !everything && all.calls?.length) choose(all.calls[0].ID);
	showComplaints(all.complaints);
}

function showComplaints(all) {
	$("wrong").hidden = all.length === 0;
	$("complaints").replaceChildren(...all.map((c) =>
		element("li", c.Code + ": " + c.Text + (c.Page ? " (see the page “" + c.Page + "” of the documentation)" : ""))));
}

// choose shows one call, or everything for "all".
function choose(id) {
	everything = id === "all";
	chosen = everything ? "" : id;
	if (everything) $("one").hidden = true;
	first = last = 0;
	$("lines").replaceChildren();
	for (const b of $("calls").querySelectorAll("button")) b.setAttribute("aria-current", b.dataset.id === id);
	refresh();
}

function showCall(it) {
	number = it.number;
	$("one").hidden = false;
	$("title").textContent = "Call " + (number || "") + ": " + it.call.State + (it.call.Result ? ", " + it.call.Result : "");
	$("roster").replaceChildren(...it.roster.map((p) => element("li", p.Name + (p.Muted ? ", muted" : "") + (p.Lobby ? ", in the lobby" : ""))));
}

// Timeline

function showLines(all, before) {
	const made = all.filter((l) => before || l.Line > last).map(line);
	if (all.length === 0) return;
	if (before) {
		$("lines").prepend(...made);
		first = all[0].Line;
		while ($("lines").childElementCount > mostLines) $("lines").lastChild.remove();
	} else {
		if (last && all[0].Line > last + 1 && made.length === all.length) $("lines").replaceChildren(); // there are some between
		$("lines").append(...made);
		while ($("lines").childElementCount > mostLines) $("lines").firstChild.remove();
		last = all[all.length - 1].Line;
		first = Number($("lines").firstChild.dataset.line);
	}
	$("earlier").hidden = all.length < 200 && before !== undefined || first <= 1;
}

function line(l) {
	const li = element("li");
	li.dataset.line = l.Line;
	const head = element(l.Body ? "summary" : "span");
	head.append(element("span", l.Time.slice(11, 23) + " ", "at"), element("span", l.Kind + " " + l.Title, l.Status >= 400 ? "fault" : l.Kind));
	if (!l.Body) {
		li.append(head);
		return li;
	}
	const d = element("details");
	d.append(head);
	d.addEventListener("toggle", () => { if (d.open && d.childElementCount === 1) fill(d, l.Line); });
	li.append(d);
	return li;
}

async function fill(d, n) {
	try {
		const it = await (await get("/line?n=" + n)).json();
		const tools = element("div");
		for (const [name, text] of [["Copy as curl", it.curl], ["Copy as Go test", it.go]]) {
			if (!text) continue;
			const b = element("button", name);
			b.type = "button";
			b.addEventListener("click", () => copy(text));
			tools.append(b);
		}
		const body = element("div", undefined, "json");
		if (it.body !== null && it.body !== undefined) body.append(...json(it.body, {left: 3000}));
		d.append(tools, body);
	} catch (e) {
		say(e.message, true);
	}
}

// json shows a value, folded at objects and lists.
function json(v, most) {
	if (v === null || typeof v !== "object") return [element("span", JSON.stringify(v), typeof v === "string" ? "string" : "other")];
	const members = Object.entries(v);
	if (members.length === 0) return [element("span", Array.isArray(v) ? "[]" : "{}")];
	const d = element("details");
	d.open = true;
	d.append(element("summary", Array.isArray(v) ? "[" + members.length + "]" : "{" + members.length + "}"));
	for (const [name, value] of members) {
		if (--most.left < 0) {
			d.append(element("div", "…"));
			break;
		}
		const row = element("div");
		row.append(element("span", name + ": ", "key"), ...json(value, most));
		d.append(row);
	}
	return [d];
}

async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		say("Copied.");
	} catch {
		show("Copy", text);
	}
}

function show(title, text) {
	$("shownTitle").textContent = title;
	$("text").textContent = text;
	$("shown").showModal();
}

// Refreshing: one at a time, and once more if something came meanwhile.

let busy = false, again = false;
async function refresh() {
	if (busy) {
		again = true;
		return;
	}
	busy = true;
	try {
		showCalls(await (await get("/calls?offset=" + offset)).json());
		const id = chosen;
		if (id) {
			const answer = await fetch("/call?id=" + encodeURIComponent(id));
			if (answer.ok) {
				const it = await answer.json();
				if (id === chosen) showCall(it);
			} else if (answer.status === 404) chosen = "";
		}
		const lines = (await (await get("/lines?call=" + encodeURIComponent(id))).json()).lines;
		if (id === chosen) showLines(lines);
	} catch (e) {
		say(e.message, true);
	}
	busy = false;
	if (again) {
		again = false;
		refresh();
	}
}

// Controls

for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#", "A", "B", "C", "D"]) {
	const b = element("button", key);
	b.type = "button";
	b.setAttribute("aria-label", "Press " + key);
	b.addEventListener("click", () => step({press: {call: number, tone: key}}, "Pressed " + key + "."));
	$("tones").append(b);
}
for (const b of document.querySelectorAll("[data-step]")) b.addEventListener("click", () => step(JSON.parse(b.dataset.step)));
for (const b of document.querySelectorAll("[data-call]")) b.addEventListener("click", () => step({[b.dataset.call]: {call: number}}));
for (const b of document.querySelectorAll("[data-person]")) b.addEventListener("click", () => step({[b.dataset.person]: {call: number, name: $("who").value}}));
for (const b of document.querySelectorAll("[data-network]")) {
	b.addEventListener("click", () => {
		const what = {times: Number($("times").value)};
		if (b.dataset.network === "delay") what.by = "5s";
		step({[b.dataset.network]: what});
	});
}
$("ring").addEventListener("submit", (e) => {
	e.preventDefault();
	const from = $("from").value, kind = $("kind").value;
	const ring = {from};
	if (kind === "guest") ring.guest = true;
	if (kind === "phone") ring.from = from.startsWith("+") ? from : "+4930123456";
	if (kind === "meeting") ring.meeting = "1234567";
	offset = 0;
	awaited = true; // the page goes to the call that this makes
	step({ring}, "It rings.");
});
$("callees").addEventListener("submit", (e) => { e.preventDefault(); step({callees: [$("does").value]}); });
$("network").addEventListener("submit", (e) => e.preventDefault());
$("refuse").addEventListener("click", () => step({refuse: {status: Number($("code").value), retryAfter: 1}}));
$("speak").addEventListener("click", () => step({speak: {call: number, for: $("seconds").value + "s"}}));
$("stand").addEventListener("click", () => post("/clock", {stand: !stands}));
$("record").addEventListener("click", () => post("/record", {name: "Recorded"}, "Recording."));
$("scenario").addEventListener("click", async () => {
	try {
		show("Scenario", await (await get("/recorded")).text());
	} catch (e) {
		say(e.message, true);
	}
});
$("wholeTest").addEventListener("click", async () => {
	try {
		show("Call as Go test", await (await get("/call.go?id=" + encodeURIComponent(chosen))).text());
	} catch (e) {
		say(e.message, true);
	}
});
$("copyText").addEventListener("click", () => copy($("text").textContent));
$("close").addEventListener("click", () => $("shown").close());
$("calls").addEventListener("click", (e) => { if (e.target.dataset.id) choose(e.target.dataset.id); });
$("all").addEventListener("click", () => choose("all"));
$("older").addEventListener("click", () => { offset += 100; refresh(); });
$("newer").addEventListener("click", () => { offset = 0; refresh(); });
$("earlier").addEventListener("click", async () => {
	showLines((await (await get("/lines?call=" + encodeURIComponent(chosen) + "&before=" + first)).json()).lines, first);
});

const events = new EventSource("/events");
events.onmessage = refresh;
events.onerror = () => say("callsim does not answer: has it ended?", true);
setInterval(() => { if (!document.hidden) refresh(); }, 5000);
refresh();
