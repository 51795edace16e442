import type { Receipt } from '../../model/contracts/message';

/** Text of a receipt; a function is given the milliseconds since the message was handed over. */
export type ReceiptText = string | ((ms: number) => string);

/** The receipt of one message on its way. It is settled once; what comes later is ignored. */
export class OpenReceipt {
	readonly promise: Promise<Receipt>;
	settled = false;
	private resolve: (receipt: Receipt) => void = () => {};
	private readonly began = performance.now();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private whenSettled: (() => void) | undefined;
	private whenLost: (() => void) | undefined;

	constructor(private readonly open: Set<OpenReceipt>) {
		this.promise = new Promise((resolve) => {
			this.resolve = resolve;
		});
		open.add(this);
	}

	/** Milliseconds since the message was handed over, in tenths. */
	get ms(): number {
		return Math.round((performance.now() - this.began) * 10) / 10;
	}

	settle(proof: Receipt['proof'], text: ReceiptText, evidence?: string): void {
		if (this.settled) return;
		this.settled = true;
		this.open.delete(this);
		clearTimeout(this.timer);
		this.whenSettled?.();
		const { ms } = this;
		const receipt: Receipt = { proof, text: typeof text === 'string' ? text : text(ms), ms };
		this.resolve(evidence === undefined ? receipt : { ...receipt, evidence });
	}

	/** The link has ended: settles as `unknown`, or as `onLost` decides. */
	lose(): void {
		this.whenLost?.();
		this.settle('unknown', 'The connection ended first: it may or may not have arrived.');
	}

	/** Calls `late` after this many milliseconds unless the receipt is settled before. */
	within(ms: number, late: () => void): void {
		this.timer = setTimeout(late, ms);
	}

	/** Calls `stopped` when the user stops waiting, unless the receipt is settled before. */
	onAbort(signal: AbortSignal | undefined, stopped: () => void): void {
		signal?.addEventListener('abort', () => this.settled || stopped(), { once: true });
	}

	/** Called once, right before the receipt resolves. */
	onSettled(run: () => void): void {
		this.whenSettled = run;
	}

	/** Called when the link ends; may settle the receipt in another way. */
	onLost(run: () => void): void {
		this.whenLost = run;
	}
}

/** Receipts of the messages that are on their way over one link. */
export class Receipts {
	private readonly all = new Set<OpenReceipt>();

	open(): OpenReceipt {
		return new OpenReceipt(this.all);
	}

	/** The link has ended: settles everything that is open. */
	lost(): void {
		for (const receipt of [...this.all]) receipt.lose();
	}
}
