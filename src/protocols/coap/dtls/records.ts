/** A record of a datagram (RFC 6347, 4.1). The parts are views of it. */
export interface DtlsRecord {
	type: number;
	epoch: number;
	/** Its sequence number within the epoch. */
	number: number;
	body: Buffer;
	/** With its header. */
	whole: Buffer;
}

export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
const headerBytes = 13;
/** RFC 5246, 6.2.3: 2^14 bytes, and what a cipher may add. */
const mostBytes = 2 ** 14 + 2048;

/** The records of a datagram, up to the first one that is none. */
export function readRecords(datagram: Buffer): DtlsRecord[] {
	const records: DtlsRecord[] = [];
	let at = 0;
	while (at + headerBytes <= datagram.length) {
		const length = datagram.readUInt16BE(at + 11);
		const end = at + headerBytes + length;
		const type = datagram[at] as number;
		// The major version is 254, the minor one 255 in the first flights of some servers.
		if (type < 20 || type > 23 || datagram[at + 1] !== 254 || length > mostBytes || end > datagram.length) break;
		records.push({
			...{ type, epoch: datagram.readUInt16BE(at + 3), number: datagram.readUIntBE(at + 5, 6) },
			...{ body: datagram.subarray(at + headerBytes, end), whole: datagram.subarray(at, end) },
		});
		at = end;
	}
	return records;
}

/** A record that no cipher protects, of DTLS 1.2. */
export function plainRecord(type: number, number: number, body: Buffer): Buffer {
	const head = Buffer.from([type, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
	head.writeUIntBE(number, 5, 6);
	head.writeUInt16BE(body.length, 11);
	return Buffer.concat([head, body]);
}

/** How far a record may be behind the newest one. */
const width = 1024;

/** Numbers of records that have come (RFC 6347, 4.1.2.6); however many were lost between two. Only of genuine ones. */
export function createReplayWindow() {
	const seen = new Float64Array(width).fill(-1);
	let newest = -1;
	return {
		isNew: (number: number) => number > newest - width && seen[number % width] !== number,
		mark(number: number) {
			seen[number % width] = number;
			newest = Math.max(newest, number);
		},
	};
}
