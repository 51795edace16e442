/** A record of a datagram (RFC 6347, 4.1). Its parts are views of the datagram. */
export interface DtlsRecord {
	type: number;
	epoch: number;
	/** Sequence number within the epoch. */
	number: number;
	body: Buffer;
	/** The record with its header. */
	whole: Buffer;
}

export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
const headerBytes = 13;
/** RFC 5246, 6.2.3: 2^14 bytes, and the expansion by a cipher. */
const maxBytes = 2 ** 14 + 2048;

/** The records of a datagram, up to the first invalid one. */
export function readRecords(datagram: Buffer): DtlsRecord[] {
	const records: DtlsRecord[] = [];
	let at = 0;
	while (at + headerBytes <= datagram.length) {
		const length = datagram.readUInt16BE(at + 11);
		const end = at + headerBytes + length;
		const type = datagram[at] as number;
		// The major version is 254; some servers send the minor version 255 in their first flights.
		if (type < 20 || type > 23 || datagram[at + 1] !== 254 || length > maxBytes || end > datagram.length) break;
		records.push({
			...{ type, epoch: datagram.readUInt16BE(at + 3), number: datagram.readUIntBE(at + 5, 6) },
			...{ body: datagram.subarray(at + headerBytes, end), whole: datagram.subarray(at, end) },
		});
		at = end;
	}
	return records;
}

/** Writes an unprotected record of DTLS 1.2. */
export function plainRecord(type: number, number: number, body: Buffer): Buffer {
	const head = Buffer.from([type, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
	head.writeUIntBE(number, 5, 6);
	head.writeUInt16BE(body.length, 11);
	return Buffer.concat([head, body]);
}

/** How far the number of a record may be below the newest one. */
const width = 1024;

/** Numbers of verified records that have arrived (RFC 6347, 4.1.2.6), however many were lost in between. */
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
