import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlayground } from '../../../src/playground/playground';
import { animation } from './animation';
import { comparingPictures } from './comparing';
import { marksPictures } from './marks';
import { amqpPictures, coapPictures, websocketPictures, xmppPictures } from './protocols';
import { readmePictures } from './readme';
import { recordingPictures } from './recordings';
import { rulePictures } from './rules';
import { amqp1Pictures, kafkaPictures, natsPictures, socketioPictures } from './services';

const folder = await mkdtemp(join(tmpdir(), 'shots-'));
const playground = await startPlayground({ port: 0, folder });
const { ports } = playground;
const all: Record<string, () => Promise<void>> = {
	readme: () => readmePictures(ports),
	animation: () => animation(ports),
	coap: () => coapPictures(ports.coap),
	websocket: () => websocketPictures(ports.ws),
	amqp: amqpPictures,
	xmpp: xmppPictures,
	kafka: () => kafkaPictures(ports.kafka),
	nats: () => natsPictures(playground.ports.nats as number),
	amqp1: () => amqp1Pictures(ports.amqp1),
	socketio: () => socketioPictures(ports.socketio),
	marks: () => marksPictures(ports.mqtt),
	recordings: () => recordingPictures(ports),
	comparing: () => comparingPictures({ ...ports, nats: ports.nats as number }),
	rules: () => rulePictures(playground.servers),
};
const wanted = process.argv.slice(2);
await mkdir('docs/pictures', { recursive: true });
for (const [name, draw] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await draw();
await playground.close();
await rm(folder, { recursive: true, force: true });
process.exit(0);
