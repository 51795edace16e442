// What a simulation is measured against: as many clients of the bare library, each message built by a template literal. Sends
// one message of each client in turn at a rate, as far as it can. Arguments: port, clients, rate, milliseconds. With "sink" it
// is the broker, which accepts everyone and reads everything: a real one is slower than either side.
import { createServer } from 'node:net';
import { connectAsync } from 'mqtt';

if (process.argv[2] === 'sink') {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.write(Buffer.of(0x20, 3, 0, 0, 0));
			socket.resume();
		});
	});
	server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
	process.stdin.on('end', () => process.exit(0)).resume();
} else await load();

async function load() {
	const [port, count, rate, ms] = process.argv.slice(2).map(Number);
	const clients = await Promise.all(
		Array.from({ length: count }, (_, at) =>
			connectAsync({ host: '127.0.0.1', port, protocolVersion: 5, clientId: `bare-${at}` }),
		),
	);
	const began = performance.now();
	let sent = 0;
	for (let now = began; now - began < ms; now = performance.now()) {
		const due = Math.floor(((now - began) * rate) / 1000);
		// As long as a turn of the simulation.
		for (; sent < due && performance.now() - now < 5; sent++) {
			const client = clients[sent % count];
			const moisture = 25 + 15 * Math.sin(now / 9550);
			client.publish(
				`farm/${sent % count}/soil`,
				`{ "n": ${sent}, "moisture": ${moisture.toFixed(2)}, "t": ${(15 + Math.random() * 15).toFixed(2)}, "s": "${Math.random() < 0.5 ? 'ok' : 'low'}" }`,
			);
		}
		await new Promise((resolve) => setTimeout(resolve, 0));
	}
	process.stdout.write(JSON.stringify({ sent, ms: performance.now() - began }));
	process.exit(0);
}
