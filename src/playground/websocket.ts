import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { cutText } from '../model/text/text';
/** /echo sends back what it gets, /ticker talks by itself, /mqtt is the broker. Serves upgrades that it is handed. */
export function createWebSocketServer(attach: (stream: Duplex) => void): WebSocketServer {
	const server = new WebSocketServer({
		noServer: true,
		maxPayload: 16 * 1024 * 1024,
		// MQTT 5, 6: the subprotocol of MQTT over WebSocket. Anything else: the first that is offered.
		handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : ([...offered][0] ?? false)),
	});
	server.on('connection', (socket, request) => {
		socket.on('error', () => {});
		const path = (request.url ?? '/').split('?')[0];
		if (path === '/mqtt') attach(createWebSocketStream(socket));
		else if (path === '/ticker') ticker(socket);
		else if (path === '/echo' || path === '/') echo(socket);
		else socket.close(4404, 'Nothing here: try /echo, /ticker or /mqtt');
	});
	return server;
}

function echo(socket: WebSocket): void {
	socket.on('message', (data, isBinary) => {
		// Who sends and never reads gets no more.
		if (socket.bufferedAmount > 64 * 1024 * 1024) socket.terminate();
		else socket.send(data, { binary: isBinary });
	});
}

/** Prices once a second, a heartbeat every ten, a binary frame every three; `{"type":"subscribe","symbol":"…"}` is heard. */
function ticker(socket: WebSocket): void {
	const prices = new Map([
		['WHEAT', 214.5],
		['BARLEY', 187.2],
		['MILK', 43.1],
	]);
	let beat = 0;
	const say = (message: object) => socket.send(JSON.stringify(message));
	say({ type: 'welcome', symbols: [...prices.keys()] });
	const timer = setInterval(() => {
		if (socket.bufferedAmount > 1024 * 1024) return;
		for (const [symbol, price] of prices) {
			const next = Math.round((price + (Math.random() - 0.5) * 2) * 100) / 100;
			prices.set(symbol, next);
			say({ type: 'price', symbol, price: next, change: Math.round((next - price) * 100) / 100 });
		}
		beat++;
		if (beat % 3 === 0) socket.send(Buffer.from([0x01, beat & 0xff, 0xca, 0xfe, 0xba, 0xbe]));
		if (beat % 10 === 0) say({ type: 'heartbeat', beat });
	}, 1000);
	socket.on('message', (data) => {
		const text = cutText(String(data), 200);
		const symbol = /"symbol"\s*:\s*"([A-Z]{1,10})"/.exec(text)?.[1];
		if (!symbol) {
			say({ type: 'error', text: 'Send {"type":"subscribe","symbol":"CORN"}.' });
			return;
		}
		if (prices.size < 20 && !prices.has(symbol)) prices.set(symbol, 100);
		say({ type: 'subscribed', symbol });
	});
	socket.on('close', () => clearInterval(timer));
}
