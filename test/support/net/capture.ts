import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Bytes of payload of TCP segments or UDP datagrams, by a packet capture on loopback. */
export interface Captured {
	toServer: number;
	fromServer: number;
}

export interface Capture {
	/** Of everything that was captured so far. */
	read(): Captured;
	stop(): Promise<void>;
}

const fileHeader = 24;
const recordHeader = 16;
const ethernet = 14;

/** Runs tcpdump, which needs the rights to capture, for a port of loopback. Resolves when it captures. */
export async function capture(port: number): Promise<Capture> {
	const options = ['-i', 'lo', '-U', '--immediate-mode', '-s', '128', '-B', '65536', '-w', '-', `port ${port}`];
	const child = spawn('tcpdump', options, { stdio: ['ignore', 'pipe', 'pipe'] });
	const captured: Captured = { toServer: 0, fromServer: 0 };
	/** The end of each stream of TCP so far, as a sequence number. */
	const ends = new Map<string, number>();
	let said = '';
	let bytes: Buffer = Buffer.alloc(0);
	let skipped = false;
	child.stdout.on('data', (chunk: Buffer) => {
		bytes = Buffer.concat([bytes, chunk]);
		if (!skipped && bytes.length >= fileHeader) {
			skipped = true;
			bytes = bytes.subarray(fileHeader);
		}
		while (skipped && bytes.length >= recordHeader) {
			const end = recordHeader + bytes.readUInt32LE(8);
			if (bytes.length < end) break;
			count(bytes.subarray(recordHeader, end), port, captured, ends);
			bytes = bytes.subarray(end);
		}
	});
	await new Promise<void>((resolve, reject) => {
		child.stderr.on('data', (text) => {
			said += text;
			if (/listening on/.test(said)) resolve();
		});
		child.on('error', reject);
		child.on('exit', () => reject(new Error(`tcpdump: ${said}`)));
	});
	return {
		read: () => ({ ...captured }),
		async stop() {
			child.kill('SIGINT');
			if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
			if (!/\b0 packets dropped by kernel/.test(said)) throw new Error(`tcpdump: ${said}`);
		},
	};
}

/** Ethernet, IPv4 (RFC 791), and TCP (RFC 9293) or UDP (RFC 768). */
function count(frame: Buffer, port: number, captured: Captured, ends: Map<string, number>): void {
	const ip = frame.subarray(ethernet);
	const transport = ip.subarray(((ip[0] as number) & 15) * 4);
	const isUdp = ip[9] === 17;
	const header = isUdp ? 8 : ((transport[12] as number) >> 4) * 4;
	let payload = ip.readUInt16BE(2) - (ip.length - transport.length) - header;
	if (!isUdp) {
		// Only what is new in the stream: a segment that is transmitted again is captured again.
		const flow = transport.subarray(0, 4).toString('hex');
		const end = (transport.readUInt32BE(4) + payload) >>> 0;
		const before = ends.get(flow);
		const fresh = before === undefined ? payload : (end - before) | 0;
		// SYN takes a number of the sequence.
		const isSyn = ((transport[13] as number) & 2) !== 0;
		if (isSyn || fresh > 0 || before === undefined) ends.set(flow, isSyn ? (end + 1) >>> 0 : end);
		payload = isSyn ? 0 : Math.max(0, Math.min(payload, fresh));
	}
	if (transport.readUInt16BE(2) === port) captured.toServer += payload;
	else captured.fromServer += payload;
}
