import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status, SubscriptionState } from '../../../src/model/contracts/session';
import type { Field, FieldValue, Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import type { Mode } from '../../../src/protocols/description';
import { emit, emitFailure } from '../../base/emit';
import '../../fields/fields';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { Menu } from '../../controls/menu';
import { firstProblem, usedValues } from '../../fields/values';
import '../../controls/menu';
import type { Session } from '../session';

/** What is subscribed, one chip each, and a form for more. Says `mw-subscribe` and `mw-unsubscribe`. */
@customElement('mw-subscriptions')
export class Subscriptions extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; min-width: 0; }
			.chips { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; max-height: 78px; overflow-y: auto; }
			.chip { display: inline-flex; align-items: center; gap: 2px; max-width: 100%; height: 22px; padding: 0 1px 0 6px; border-radius: 11px;
				color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
			.chip.refused { color: var(--vscode-inputValidation-errorForeground, inherit); background: var(--vscode-inputValidation-errorBackground); border-color: var(--vscode-inputValidation-errorBorder, transparent); }
			.chip.reduced { border-color: var(--warn); }
			.chip.pending { opacity: 0.75; font-style: italic; }
			.chip button { min-width: 18px; height: 18px; padding: 0; border-radius: 9px; }
			.chip button.name { min-width: 0; height: 20px; line-height: 20px; padding: 0; border: 0; border-radius: 0; background: none; color: inherit; font: inherit; line-height: 20px; cursor: pointer; }
			.chip .icon { width: 12px; font-size: 12px; vertical-align: -2px; }
			.chip > .icon { margin-inline-end: 3px; }
			.fresh { white-space: nowrap; font-variant-numeric: tabular-nums; opacity: 0.85; }
			.stale { opacity: 1; font-weight: 600; }
			.modes { display: flex; flex-wrap: wrap; gap: 4px; }
			.mode { display: inline-flex; align-items: center; gap: 5px; padding: 2px 8px 2px 4px; border: 1px solid var(--line); border-radius: 3px; cursor: pointer; }
			.mode.on { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder, var(--line)); }
			.mode:focus-within { outline: 1px solid var(--vscode-focusBorder); }
			form { display: flex; flex-direction: column; gap: 6px; margin-top: 6px; padding: 8px; border: 1px solid var(--line); }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@query('mw-menu') private menu!: Menu;
	@state() private adding = false;
	@state() private target = '';
	@state() private values: Values = {};
	@state() private tried = false;
	@state() private mode: string | undefined;
	@state() private now = Date.now();
	@state() private known: string[] = [];
	private ticker: ReturnType<typeof setInterval> | undefined;
	private readonly questions = new Latest<string, string[]>(
		(start) => this.session.remote.complete(start, 30),
		(found) => {
			this.known = found;
		},
		(error) => emitFailure(this, error),
	);

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => {
			if (!document.hidden && this.status.subscriptions.some(({ freshUntil }) => freshUntil !== undefined))
				this.now = Date.now();
		}, 1000);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	protected override willUpdate() {
		this.now = Date.now();
	}

	private chip(one: SubscriptionState) {
		const { subscription, state: how, detail, reduced, failure, freshUntil } = one;
		const { words } = this.session.describe;
		const mode = this.modeOf(subscription.mode);
		const about = failure
			? [failure.message, failure.evidence, failure.remedy?.text]
			: [
					mode && `${mode.label}: ${mode.sideEffect}`,
					[how === 'pending' ? 'Waiting for the answer' : 'Active', detail].filter(Boolean).join(': '),
				];
		const kind = how === 'active' && reduced ? 'reduced' : how;
		const short = { refused: 'refused', reduced: detail ?? 'reduced', pending: 'pending', active: '' }[kind];
		const name = `${mode && this.several ? `${mode.label} ` : ''}${visible(subscription.target)}`;
		return html`<span class=${`chip ${kind}`} role="listitem" title=${about
			.filter(Boolean)
			.map(String)
			.map((line) => visible(line))
			.join('\n')}
			>${kind === 'refused' ? icon('error', 'Refused') : kind === 'reduced' ? icon('warning', 'Reduced') : nothing}${mode && this.several ? icon(mode.icon, mode.label) : nothing}<button class="name cut" aria-haspopup="menu" @click=${(event: Event) => this.openMenu(one, event)}>${visible(subscription.target)}</button
			>${short ? html`<span>&nbsp;– ${visible(short)}</span>` : nothing}${how === 'active' && freshUntil !== undefined ? this.freshness(freshUntil) : nothing}<button class="tool" title=${words.unsubscribe}
				aria-label=${`${words.unsubscribe} ${name}`}
				@click=${() => emit(this, 'mw-unsubscribe', this.key(subscription))}>${icon('close')}</button></span>`;
	}

	private freshness(until: number) {
		const left = Math.ceil((until - this.now) / 1000);
		return left > 0
			? html`<span class="fresh">&nbsp;· fresh for ${left < 120 ? `${left} s` : `${Math.floor(left / 60)} min`}</span>`
			: html`<span class="fresh stale">&nbsp;· ${icon('watch')} stale</span>`;
	}

	private get modes(): readonly Mode[] {
		return this.session.describe.subscription?.modes ?? [];
	}

	private get several(): boolean {
		return this.modes.length > 1;
	}

	private modeOf(id: string | undefined): Mode | undefined {
		return id === undefined ? this.modes[0] : this.modes.find((mode) => mode.id === id);
	}

	private key({ target, mode }: Subscription): Pick<Subscription, 'target' | 'mode'> {
		return { target, ...(mode === undefined ? {} : { mode }) };
	}

	private openMenu({ subscription, state }: SubscriptionState, event: Event) {
		const button = event.currentTarget as HTMLElement;
		const { left, bottom } = button.getBoundingClientRect();
		const { remote, describe } = this.session;
		const { target, mode } = subscription;
		const failed = (error: unknown) => emitFailure(this, error);
		const kind = describe.pattern?.isPattern(target) ? 'pattern' : 'exact';
		const remember = (keep: boolean) =>
			(mode === undefined ? remote.keepSubscription(target, keep) : remote.keepSubscription(target, keep, mode)).catch(
				failed,
			);
		void this.menu.open(
			[
				...(state === 'refused' ? [{ label: 'Try again', run: () => emit(this, 'mw-subscribe', subscription) }] : []),
				{
					label: `Show only its ${describe.words.messages}`,
					run: () => emit(this, 'mw-target-filter', { kind, value: target }),
				},
				// What takes messages away is never started by a profile.
				...(this.modeOf(mode)?.intrusive ? [] : [{ label: 'Remember it in the profile', run: () => remember(true) }]),
				{ label: 'Do not remember it', run: () => remember(false) },
				{ label: 'Copy', run: () => remote.copy(target).catch(failed) },
				{ label: describe.words.unsubscribe, run: () => emit(this, 'mw-unsubscribe', this.key(subscription)) },
			],
			left,
			bottom,
			() => button.focus(),
		);
	}

	private get fields(): readonly Field[] {
		return [...(this.session.describe.subscription?.fields ?? []), ...(this.modeOf(this.mode)?.fields ?? [])];
	}

	private get problem(): string | undefined {
		const { subscription } = this.session.describe;
		return subscription?.check(this.target, this.modeOf(this.mode)?.id) ?? firstProblem(this.fields, this.values);
	}

	private readonly submit = (event: Event) => {
		event.preventDefault();
		this.tried = true;
		if (this.problem) return;
		const mode = this.modeOf(this.mode);
		emit(this, 'mw-subscribe', {
			target: this.target,
			...(mode ? { mode: mode.id } : {}),
			...usedValues(this.fields, this.values),
		});
		this.close();
	};

	private close() {
		this.adding = false;
		this.target = '';
		this.tried = false;
	}

	async open() {
		this.adding = true;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLInputElement>('form input.text')?.focus();
	}

	/** The ways to receive, told apart by icon and label; what the chosen one does stands under the form. */
	private choice() {
		if (!this.several) return nothing;
		const current = this.modeOf(this.mode);
		return html`<div class="modes" role="radiogroup" aria-label="How to receive">${this.modes.map(
			(mode) => html`<label class=${mode === current ? 'mode on' : 'mode'} title=${mode.sideEffect}
				><input type="radio" name="mode" .checked=${mode === current} @change=${() => {
					this.mode = mode.id;
				}}>${icon(mode.icon)} ${mode.label}${mode.intrusive ? html` <span class="warn">${icon('warning', 'Asks first')}</span>` : nothing}</label>`,
		)}</div>`;
	}

	private form() {
		const { subscription, words } = this.session.describe;
		if (!subscription) return nothing;
		const show = this.problem && (this.tried || this.target !== '') ? this.problem : undefined;
		const mode = this.modeOf(this.mode);
		// What is no target of the chosen way is often one of another.
		const wrong = show !== undefined && subscription.check(this.target, mode?.id) !== undefined;
		const fitting = wrong ? this.modes.filter(({ id }) => subscription.check(this.target, id) === undefined) : [];
		const first = subscription.suggest.filter((one) => one.mode === undefined || one.mode === mode?.id);
		return html`<form @submit=${this.submit} @keydown=${(event: KeyboardEvent) => {
			if (event.key === 'Escape') this.close();
			if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.submit(event);
		}} @mw-value=${(event: CustomEvent<{ key: string; value: FieldValue | undefined }>) => {
			this.values = { ...this.values, [event.detail.key]: event.detail.value };
		}}>
			${this.choice()}
			<div class="row"><input class="text grow" spellcheck="false" placeholder=${mode?.placeholder ?? subscription.placeholder} aria-label=${`${words.subscribe}: ${words.target}`} list="first"
				aria-invalid=${show ? 'true' : nothing} .value=${this.target} @input=${(event: Event) => {
					this.target = (event.target as HTMLInputElement).value;
					this.questions.want(this.target);
				}}><datalist id="first">${first.map(({ target, label }) => html`<option value=${target}>${label}</option>`)}${this.known.map((target) => html`<option value=${target}></option>`)}</datalist>
				<vscode-button @click=${this.submit}>${words.subscribe}</vscode-button><vscode-button appearance="secondary" @click=${() => this.close()}>Cancel</vscode-button></div>
			${show ? html`<div class="bad" role="alert">${show}</div>` : nothing}
			${fitting.map(
				({ id, label }) =>
					html`<button type="button" class="link" @click=${() => {
						this.mode = id;
					}}>It can be received as: ${label}</button>`,
			)}
			<mw-fields .fields=${this.fields} .values=${this.values}></mw-fields>
			<div class=${mode?.intrusive ? 'warn' : 'dim'} role="note">${mode?.intrusive ? icon('warning') : nothing} ${mode?.sideEffect ?? subscription.sideEffect}</div></form>`;
	}

	override render() {
		const { words } = this.session.describe;
		return html`<div class="chips" role="list" aria-label="Subscriptions">${this.status.subscriptions.map((one) => this.chip(one))}
			${this.adding ? nothing : html`<button class="tool" @click=${() => this.open()}>${icon('add')} ${words.subscribe}</button>`}</div>
			${this.adding ? this.form() : nothing}<mw-menu></mw-menu>`;
	}
}
