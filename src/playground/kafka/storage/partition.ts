import { errors, KafkaError } from '../errors';
import { attribute, type Batch, placeBatch, recordCount, splitBatches, stampBatch } from '../wire/batch';
import { decodeRecords, encodeRecords, keepRecords } from '../wire/records';

/** What is remembered of an idempotent producer, to recognise a batch that it sends twice. */
interface ProducerState {
	epoch: number;
	lastSequence: number;
	/** Base offset of the last batch. */
	lastBatch: { sequence: number; offset: bigint };
}

interface AbortedTransaction {
	producerId: bigint;
	firstOffset: bigint;
	lastOffset: bigint;
}

/** A log of record batches. Offsets are exact at any size. */
export class Partition {
	readonly batches: Batch[] = [];
	/** First offset that can be read, and the one that the next record gets. */
	startOffset: bigint;
	endOffset: bigint;
	/** Bytes of all batches. */
	size = 0;
	leaderEpoch = 0;
	/** First offset of each open transaction, by producer id. */
	readonly open = new Map<bigint, bigint>();
	readonly aborted: AbortedTransaction[] = [];
	private readonly producers = new Map<bigint, ProducerState>();
	/** Called once when the log grows, and forgotten then. */
	private waiting = new Set<() => void>();

	constructor(
		readonly index: number,
		/** Broker ids; the first that runs leads. */
		readonly replicas: readonly number[],
		firstOffset = 0n,
	) {
		this.startOffset = firstOffset;
		this.endOffset = firstOffset;
	}

	/** Transactions up to here are decided. */
	get stableOffset(): bigint {
		let lowest = this.endOffset;
		for (const first of this.open.values()) if (first < lowest) lowest = first;
		return lowest;
	}

	/** Appends encoded batches as a client sent them. Returns the offset of the first record. */
	append(
		bytes: Buffer,
		{ maxProducers = 1000, appendTime }: { maxProducers?: number; appendTime?: bigint } = {},
	): bigint {
		const sources = splitBatches(bytes);
		if (sources.length === 0) throw new KafkaError(errors.invalidRecord, 'The request has no records.');
		let first: bigint | undefined;
		for (const source of sources) {
			const stamped = appendTime === undefined ? source : stampBatch(source, appendTime);
			const batch = placeBatch(stamped, this.endOffset, this.leaderEpoch);
			const earlier = this.checkSequence(batch, maxProducers);
			first ??= earlier ?? batch.baseOffset;
			if (earlier === undefined) this.store(batch);
		}
		this.wake();
		return first as bigint;
	}

	/** Ends a producer's transaction with a control record. Does nothing if it has none here. */
	endTransaction(producerId: bigint, producerEpoch: number, committed: boolean): void {
		const firstOffset = this.open.get(producerId);
		if (firstOffset === undefined) return;
		this.open.delete(producerId);
		const key = Buffer.of(0, 0, 0, committed ? 1 : 0);
		const value = Buffer.alloc(6);
		const marker = encodeRecords([{ key, value }], {
			attributes: attribute.control | attribute.transactional,
			producerId,
			producerEpoch,
		});
		const batch = placeBatch(marker, this.endOffset, this.leaderEpoch);
		this.store(batch);
		if (!committed) this.aborted.push({ producerId, firstOffset, lastOffset: batch.lastOffset });
		this.wake();
	}

	/** Whole batches from the one that contains the offset. At least one batch if there is one and `minOne` is set. */
	read(offset: bigint, maxBytes: number, until: bigint, minOne: boolean): Buffer[] {
		const found: Buffer[] = [];
		let size = 0;
		for (let index = this.indexOf(offset); index < this.batches.length; index++) {
			const { bytes, baseOffset } = this.batches[index] as Batch;
			if (baseOffset >= until) break;
			if (size + bytes.length > maxBytes && !(minOne && found.length === 0)) break;
			size += bytes.length;
			found.push(bytes);
		}
		return found;
	}

	/** Aborted transactions with records from the offset on. */
	abortedFrom(offset: bigint, until: bigint): AbortedTransaction[] {
		return this.aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= offset && firstOffset < until);
	}

	/**
	 * The first record with this timestamp or a later one; undefined if there is none. Of a batch in a codec that is not read
	 * here, its first record.
	 */
	atTime(timestamp: bigint): { offset: bigint; timestamp: bigint } | undefined {
		for (const batch of this.batches) {
			if (batch.maxTimestamp < timestamp || batch.attributes & attribute.control) continue;
			const records = decodeRecords(batch);
			if (!records) return { offset: batch.baseOffset, timestamp: batch.maxTimestamp };
			const record = records.find((one) => one.timestamp >= timestamp && one.offset >= this.startOffset);
			if (record) return { offset: record.offset, timestamp: record.timestamp };
		}
		return undefined;
	}

	/** The record with the latest timestamp. */
	latest(): { offset: bigint; timestamp: bigint } | undefined {
		const highest = this.batches.reduce<bigint | undefined>(
			(time, batch) => (time === undefined || batch.maxTimestamp > time ? batch.maxTimestamp : time),
			undefined,
		);
		return highest === undefined ? undefined : this.atTime(highest);
	}

	/** Removes the records before the offset. Batches go as a whole. */
	deleteBefore(offset: bigint): void {
		if (offset > this.startOffset) this.startOffset = offset;
		while (this.batches[0] && this.batches[0].lastOffset < this.startOffset) this.removeOldest();
	}

	/** Removes the oldest batch, if it is not the only one. */
	removeOldest(): void {
		const batch = this.batches.shift();
		if (!batch) return;
		this.size -= batch.bytes.length;
		const next = batch.lastOffset + 1n;
		if (next > this.startOffset) this.startOffset = next;
		while (this.aborted[0] && this.aborted[0].lastOffset < this.startOffset) this.aborted.shift();
	}

	/** Keeps the last record of each key, as a broker does with `cleanup.policy=compact`. Records keep their offsets. */
	compact(): void {
		const last = new Map<string, bigint>();
		const decoded = this.batches.map((batch) => ({
			batch,
			records: batch.attributes & attribute.control ? undefined : decodeRecords(batch),
		}));
		for (const { records } of decoded)
			for (const { key, offset } of records ?? []) if (key) last.set(key.toString('latin1'), offset);
		this.batches.length = 0;
		this.size = 0;
		for (const { batch, records } of decoded) {
			const kept = records?.filter(({ key, offset }) => !key || last.get(key.toString('latin1')) === offset);
			if (kept?.length === 0) continue;
			const whole = !kept || kept.length === recordCount(batch.bytes);
			this.keep(whole ? batch : keepRecords(batch, kept));
		}
	}

	onGrowth(listener: () => void): () => void {
		this.waiting.add(listener);
		return () => this.waiting.delete(listener);
	}

	wake(): void {
		const listeners = this.waiting;
		this.waiting = new Set();
		for (const listener of listeners) listener();
	}

	private store(batch: Batch): void {
		this.keep(batch);
		this.endOffset = batch.lastOffset + 1n;
		const isTransactional = batch.attributes & attribute.transactional && !(batch.attributes & attribute.control);
		if (isTransactional && !this.open.has(batch.producerId)) this.open.set(batch.producerId, batch.baseOffset);
	}

	private keep(batch: Batch): void {
		this.batches.push(batch);
		this.size += batch.bytes.length;
	}

	/** Returns the offset of the same batch if it was stored before. */
	private checkSequence(
		{ producerId, producerEpoch, baseSequence, ...batch }: Batch,
		maxProducers: number,
	): bigint | undefined {
		if (producerId < 0n || baseSequence < 0) return undefined;
		const state = this.producers.get(producerId);
		if (state && producerEpoch < state.epoch)
			throw new KafkaError(errors.invalidProducerEpoch, 'A newer producer has taken this producer id over.');
		if (state && producerEpoch === state.epoch) {
			if (baseSequence === state.lastBatch.sequence) return state.lastBatch.offset;
			if (baseSequence !== (state.lastSequence + 1) % 2 ** 31)
				throw new KafkaError(errors.outOfOrderSequence, 'A batch of this producer is missing.');
		}
		this.producers.delete(producerId);
		this.producers.set(producerId, {
			epoch: producerEpoch,
			lastSequence: baseSequence + Number(batch.lastOffset - batch.baseOffset),
			lastBatch: { sequence: baseSequence, offset: batch.baseOffset },
		});
		const oldest = this.producers.keys().next();
		if (this.producers.size > maxProducers && !oldest.done) this.producers.delete(oldest.value);
		return undefined;
	}

	/** Index of the batch that contains the offset, or of the first after it. */
	private indexOf(offset: bigint): number {
		let low = 0;
		let high = this.batches.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.batches[middle] as Batch).lastOffset < offset) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
