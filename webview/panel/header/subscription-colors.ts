import { css, html, nothing, type TemplateResult } from 'lit';
import { direction, type Row } from '../../../src/model/contracts/message';
import type { Status, SubscriptionState } from '../../../src/model/contracts/session';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { chartColor } from '../../base/colors';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { type ColorName, colorNames, limits, type Saved } from '../saved';

export const edgeStyles = css`
	.line { position: relative; }
	.edge { position: absolute; inset-inline-start: 0; top: 1px; bottom: 1px; width: 3px; }
	.dot { flex: none; display: inline-block; width: 8px; height: 8px; border-radius: 4px; border: 1px solid currentColor; }
`;

/** The part of the panel's store that is needed here. */
interface State {
	readonly describe: ProtocolDescription;
	readonly status: Status;
	readonly saved: Pick<Saved, 'colors'>;
	keep(change: Pick<Saved, 'colors'>): void;
	set(change: { status: Status }): void;
}

/**
 * A color for each subscription, in its chip and at the edge of the rows that it brought. A subscription keeps its color
 * when others come and go. Nothing is colored while there is only one.
 */
export class SubscriptionColors {
	/** Tests of targets by subscribed target, for messages whose subscriptions the adapter does not know. */
	private readonly tests = new Map<string, (target: string) => boolean>();

	constructor(private readonly store: State) {}

	private get current(): readonly SubscriptionState[] {
		return this.store.status.subscriptions.filter(({ state }) => state !== 'refused');
	}

	/** Chooses colors for subscriptions that have none: the ones that others use least. */
	assign(): void {
		const colors = new Map(this.store.saved.colors ?? []);
		const before = colors.size;
		const { current } = this;
		const used = (name: ColorName) => current.filter(({ id }) => colors.get(id) === name).length;
		for (const { id } of current) {
			if (colors.has(id) || id.length > limits.colorText) continue;
			const [first = 'blue'] = [...colorNames].sort((a, b) => used(a) - used(b));
			colors.set(id, first);
		}
		if (colors.size > before) this.store.keep({ colors: [...colors].slice(-limits.colors) });
	}

	choose(id: string, name: ColorName | 'none'): void {
		const others = (this.store.saved.colors ?? []).filter(([one]) => one !== id);
		this.store.keep({ colors: [...others.slice(1 - limits.colors), [id, name]] });
		// Draws the chips and the rows again, which depend on the status.
		this.store.set({ status: { ...this.store.status } });
	}

	nameOf(id: string): ColorName | 'none' {
		const [, name = 'none'] = this.store.saved.colors?.find(([one]) => one === id) ?? [];
		return name;
	}

	/** A CSS color; undefined for none. */
	private colorOf(id: string): string | undefined {
		if (this.current.length < 2) return undefined;
		const name = this.nameOf(id);
		return name === 'none' ? undefined : chartColor(name);
	}

	/** The current subscriptions that brought a message. */
	private broughtBy(row: Row): readonly SubscriptionState[] {
		if (direction(row.flags) !== 'in') return [];
		const { current } = this;
		if (row.subscriptions) return current.filter(({ id }) => row.subscriptions?.includes(id));
		return current.filter(({ subscription }) => this.test(subscription.target)(row.target));
	}

	private test(target: string): (target: string) => boolean {
		let test = this.tests.get(target);
		if (!test) {
			const { pattern } = this.store.describe;
			test = (other) => other === target;
			try {
				if (pattern?.isPattern(target)) test = pattern.compile(target);
			} catch {
				// Not a pattern of this protocol: compared as it is.
			}
			if (this.tests.size >= limits.colors) this.tests.clear();
			this.tests.set(target, test);
		}
		return test;
	}

	/** The edge of a row in the colors of its subscriptions, which are named in its tooltip. */
	edge(row: Row | undefined): TemplateResult | typeof nothing {
		if (!row || this.current.length < 2) return nothing;
		const brought = this.broughtBy(row).flatMap(({ id, subscription }) => {
			const color = this.colorOf(id);
			return color ? [{ color, target: visible(subscription.target) }] : [];
		});
		if (brought.length === 0) return nothing;
		const title = `${this.store.describe.words.subscribe}: ${brought.map(({ target }) => target).join(', ')}`;
		return html`<span class="edge" role="img" title=${title} aria-label=${title}
			${place({ background: stripes(brought.map(({ color }) => color)) })}></span>`;
	}

	/** The dot in the chip of a subscription. */
	dot({ id, state }: SubscriptionState): TemplateResult | typeof nothing {
		const color = state === 'refused' ? undefined : this.colorOf(id);
		return color ? html`<span class="dot" title="Color of its rows" ${place({ background: color })}></span>` : nothing;
	}
}

/** The color of a menu entry. */
export const swatch = (name: ColorName | 'none'): TemplateResult =>
	name === 'none'
		? icon('circle-slash')
		: html`<span ${place({ color: chartColor(name) })}>${icon('circle-filled')}</span>`;

/** Equal parts of up to three colors, from top to bottom. */
function stripes(colors: readonly string[]): string {
	const shown = colors.slice(0, 3);
	const part = (at: number) => `${Math.round((at * 100) / shown.length)}%`;
	return `linear-gradient(${shown.map((color, at) => `${color} ${part(at)} ${part(at + 1)}`).join(', ')})`;
}
