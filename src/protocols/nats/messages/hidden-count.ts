/** Minimum interval between two reports, in milliseconds. */
const reportEvery = 1000;

/** Counts messages that a subscription leaves out of the log. */
export interface HiddenCount {
	add(): void;
	stop(): void;
}

export function createHiddenCount(report: (detail: string) => void): HiddenCount {
	let count = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tell = () => {
		timer = undefined;
		const many = count === 1 ? 'message of an internal subject' : 'messages of internal subjects';
		report(`${count.toLocaleString('en')} ${many} not shown`);
	};
	return {
		add() {
			count++;
			timer ??= setTimeout(tell, reportEvery);
		},
		stop: () => clearTimeout(timer),
	};
}
