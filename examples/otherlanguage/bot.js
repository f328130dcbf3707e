// A calling bot in Node without any SDK. It answers who calls it, plays a prompt, listens to
// tones, and hangs up at #. It needs GRAPH (the address of the API) and ISSUER (that of the
// OpenID document of who signs notifications); callsim prints both.
"use strict";
const http = require("node:http");
const crypto = require("node:crypto");

const {GRAPH, ISSUER, APP = "2891555a-92ff-42e6-80fa-6e1300c6b5c6", PORT = "8080", TOKEN = "token"} = process.env;
const callback = process.env.CALLBACK || `http://127.0.0.1:${PORT}/callback`;

async function call(method, path, body) {
	const answer = await fetch(GRAPH + path, {
		method, headers: {Authorization: "Bearer " + TOKEN, "Content-Type": "application/json"}, body: body && JSON.stringify(body),
	});
	console.log(method, path, answer.status);
	if (!answer.ok) throw new Error(await answer.text());
}

let keys = []; // of the issuer
async function verified(header) {
	const [head, claims, signature] = (header || "").replace(/^Bearer /, "").split(".");
	if (!signature) return false;
	const part = (text) => JSON.parse(Buffer.from(text, "base64url"));
	const {alg, kid} = part(head);
	if (!keys.some((key) => key.kid === kid)) keys = (await (await fetch((await (await fetch(ISSUER)).json()).jwks_uri)).json()).keys;
	const jwk = keys.find((key) => key.kid === kid);
	if (alg !== "RS256" || !jwk) return false;
	const genuine = crypto.verify("sha256", Buffer.from(head + "." + claims), crypto.createPublicKey({key: jwk, format: "jwk"}), Buffer.from(signature, "base64url"));
	const {aud, exp} = part(claims);
	return genuine && aud === APP && exp > Date.now() / 1000;
}

const playing = new Set(); // calls whose prompt was begun: notifications come twice
async function told({resourceData: data}) {
	if (data["@odata.type"] !== "#microsoft.graph.call") return;
	const path = "/communications/calls/" + data.id;
	if (data.state === "incoming") {
		await call("POST", path + "/answer", {
			callbackUri: callback, acceptedModalities: ["audio"], mediaConfig: {"@odata.type": "#microsoft.graph.serviceHostedMediaConfig"},
		});
		const alive = setInterval(() => call("POST", path + "/keepAlive").catch(() => clearInterval(alive)), 10 * 60 * 1000);
	} else if (data.mediaState?.audio === "active" && !playing.has(data.id)) {
		playing.add(data.id);
		await call("POST", path + "/playPrompt", {prompts: [{
			"@odata.type": "#microsoft.graph.mediaPrompt", mediaInfo: {"@odata.type": "#microsoft.graph.mediaInfo", uri: "https://cdn.contoso.com/hello.wav", resourceId: "hello"},
		}]});
		await call("POST", path + "/subscribeToTone", {});
	} else if (data.toneInfo?.tone === "pound") {
		await call("DELETE", path);
	}
}

http.createServer(async (request, response) => {
	let body = "";
	for await (const chunk of request) body += chunk;
	const genuine = await verified(request.headers.authorization).catch(() => false);
	response.writeHead(genuine ? 202 : 401).end();
	if (genuine) for (const notification of JSON.parse(body).value) told(notification).catch((error) => console.error(error.message));
}).listen(PORT, "127.0.0.1", function () { console.log("listening at", this.address().port); });
