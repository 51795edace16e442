import { mkdir } from 'node:fs/promises';
import { startPlayground } from '../../../src/playground/playground';
import { animation } from './animation';
import { amqpPictures, coapPictures, websocketPictures, xmppPictures } from './protocols';
import { readmePictures } from './readme';

const playground = await startPlayground({ port: 0 });
const { ports } = playground;
const all: Record<string, () => Promise<void>> = {
	readme: () => readmePictures(ports),
	animation: () => animation(ports),
	coap: () => coapPictures(ports.coap),
	websocket: () => websocketPictures(ports.ws),
	amqp: amqpPictures,
	xmpp: xmppPictures,
};
const wanted = process.argv.slice(2);
await mkdir('docs/pictures', { recursive: true });
for (const [name, draw] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await draw();
await playground.close();
process.exit(0);
