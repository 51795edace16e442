import { css, html, nothing, type TemplateResult } from 'lit';
import type { Proof, Receipt, Row, Settlement } from '../../../src/model/contracts/message';
import { duration, number, visible } from '../../base/words';
import { icon } from '../../controls/icons';

export const receiptStyles = css`
	.receipt { flex: 0 1 auto; max-width: 60%; font-size: 0.92em; }
	/* A failure is what the reader needs: its text keeps its room while a success is reduced to its icon. */
	.receipt.failure { flex: 0 0 auto; max-width: 90%; }
	@container (max-width: 640px) { .receipt.success { display: none; } }
	/* That an outcome is missing is the same text on every row: the icon says it, and the payload gets the room. */
	@container (max-width: 1100px) { .receipt.open { display: none; } }
`;

/** The class of a receipt's color. */
export const proofStyle: Record<Proof, string> = {
	pending: 'dim',
	'handed-over': 'dim',
	acknowledged: 'good',
	answered: 'good',
	unrouted: 'warn',
	unknown: 'warn',
	refused: 'bad',
};

/** Names of codicons. */
export const proofIcons: Record<Proof, string> = {
	pending: 'watch',
	'handed-over': 'check',
	acknowledged: 'check',
	answered: 'check-all',
	unrouted: 'warning',
	unknown: 'question',
	refused: 'error',
};

const isFailure = ({ proof }: Receipt) => proof === 'unrouted' || proof === 'unknown' || proof === 'refused';

const textOf = ({ text, done }: Receipt) =>
	`${visible(text)}${done === undefined ? '' : ` · ${Math.round(done * 100)} %`}`;

/** The icon beside the direction of a sent message. Its title is the receipt in words. */
export function receiptIcon(receipt: Receipt): TemplateResult {
	const { proof, evidence } = receipt;
	const title = [textOf(receipt), evidence && visible(evidence)].filter(Boolean).join(' – ');
	return html`<span class=${proofStyle[proof]}>${icon(proofIcons[proof], title)}</span>`;
}

/** The receipt in words. The icon tells it already where there is no room for a success. */
export function receiptCell(receipt: Receipt, column: number): TemplateResult {
	const { proof, evidence } = receipt;
	const kind = isFailure(receipt) ? 'failure' : 'success';
	return html`<span class=${`receipt cut ${kind} ${proofStyle[proof]}`} role="gridcell" aria-colindex=${column}
		title=${evidence ?? nothing}>${textOf(receipt)}</span>`;
}

/** The icon beside the direction of a message whose outcome the peer waits for, or knows. */
export const settlementIcon = ({ open, text }: Settlement): TemplateResult =>
	html`<span class=${open ? '' : 'dim'}>${icon(open ? 'circle-large-outline' : 'circle-small-filled', visible(text))}</span>`;

/** The outcome of a received message in words. */
export const settlementCell = ({ open, text }: Settlement, column: number): TemplateResult =>
	html`<span class=${`receipt cut success ${open ? 'open' : 'dim'}`} role="gridcell" aria-colindex=${column}>${visible(text)}</span>`;

/** A link to the request that a message answers. The menu of the row has it for the keyboard. */
export function answerCell(
	{ answers = 0, roundTrip }: Row,
	column: number,
	show: (request: number) => void,
): TemplateResult {
	const after = roundTrip === undefined ? '' : ` after ${duration(roundTrip)}`;
	const open = (event: Event) => {
		event.stopPropagation();
		show(answers);
	};
	return html`<span class="receipt cut dim" role="gridcell" aria-colindex=${column}><button class="link" tabindex="-1"
		title="Show Request" data-own-click @click=${open}>answers #${number(answers)}</button>${after}</span>`;
}
