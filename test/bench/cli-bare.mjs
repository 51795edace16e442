// What the command line is measured against: the same with the bare library. "one <port>" publishes one message,
// "lines <port>" every line of its input.
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const [what, port] = process.argv.slice(2);
const client = mqtt.connect({ host: '127.0.0.1', port: Number(port), protocolVersion: 5 });
client.on('connect', async () => {
	if (what === 'one') client.publish('a', 'x', () => client.end());
	else {
		let last;
		for await (const line of createInterface({ input: process.stdin })) {
			last = new Promise((resolve) => client.publish('a', line, resolve));
			if (client.stream.writableNeedDrain) await new Promise((resolve) => client.stream.once('drain', resolve));
		}
		await last;
		client.end();
	}
});
