import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Prepared } from '../../adapter';
import { notOpen, refuseWhenFull } from '../../shared/failures';
import { Receipts } from '../../shared/receipts';
import { sampleFlag } from '../describe/flags';
import type { Connection, Request } from '../wire/connection';
import { frameType } from '../wire/frames';

export interface PreparedPublish extends Prepared {
	request: Request;
}

export interface Sending {
	/** Throws why the draft cannot be sent. The session has checked it against the description. */
	prepare(draft: Draft): PreparedPublish;
	/** Throws `not-open`. */
	send(prepared: PreparedPublish): Promise<Receipt>;
}

export function createSending(connection: Connection): Sending {
	const receipts = new Receipts();

	function requireOpen(): void {
		if (connection.life.state !== 'open') throw notOpen();
	}

	return {
		prepare({ target, payload, values }) {
			requireOpen();
			refuseWhenFull('server', connection.waiting, payload.length);
			const urgent = values.urgent === true;
			return { flags: urgent ? sampleFlag.urgent : 0, request: { type: frameType.publish, urgent, target, payload } };
		},
		async send({ request }) {
			requireOpen();
			const receipt = receipts.open();
			connection.ask(request).then(
				({ isAccepted, text }) => {
					if (isAccepted) receipt.settle('acknowledged', (ms) => `accepted in ${ms} ms`);
					else receipt.settle('refused', 'refused by the server', text);
				},
				() => receipt.lose(),
			);
			return receipt.promise;
		},
	};
}
