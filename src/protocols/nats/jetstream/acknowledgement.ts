import { peerText } from '../../shared/peer-text';
import type { OpenReceipt } from '../../shared/receipts';
import { bigAt, readRecord, recordAt, textAt } from '../wire/json';

/** Settles the receipt of a message by a stream's acknowledgement (JetStream API, PubAck). */
export function acknowledgement(json: string, receipt: OpenReceipt): void {
	const record = readRecord(json);
	const { code, err_code: errorCode, description } = recordAt(record, 'error');
	const evidence = peerText(json, { most: 500 });
	if (code !== undefined) {
		const reason = typeof description === 'string' ? peerText(description) : `error ${String(errorCode ?? code)}`;
		receipt.settle('refused', `refused by the stream: ${reason}`, evidence);
		return;
	}
	const stream = textAt(record, 'stream');
	if (!record || stream === '') {
		receipt.settle('unknown', 'answered, but not with the acknowledgement of a stream', evidence);
		return;
	}
	const place = `"${peerText(stream)}" as ${bigAt(record, 'seq')}`;
	const domain = textAt(record, 'domain');
	const where = domain === '' ? place : `${place}, domain ${peerText(domain)}`;
	if (record.duplicate === true)
		receipt.settle('acknowledged', (ms) => `duplicate: already stored in ${where} (${ms} ms)`, evidence);
	else receipt.settle('acknowledged', (ms) => `stored in ${where} in ${ms} ms`, evidence);
}
