import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FieldValue, Values } from '../../src/model/field';
import type { Status, SubscriptionState } from '../../src/model/session';
import { emit, emitFailure } from '../emit';
import '../fields/fields';
import { firstProblem, usedValues } from '../fields/values';
import { icon } from '../icons';
import { controls, shared } from '../styles';
import { visible } from '../words';
import type { Menu } from './menu';
import './menu';
import type { Session } from './session';

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
			.chip .icon { width: 12px; height: 12px; vertical-align: -2px; }
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

	private chip({ subscription, state: how, detail, reduced, failure }: SubscriptionState) {
		const words = failure
			? [failure.message, failure.evidence, failure.remedy?.text].filter(Boolean).join('\n')
			: [how === 'pending' ? 'Waiting for the answer' : 'Active', detail].filter(Boolean).join(': ');
		const kind = how === 'active' && reduced ? 'reduced' : how;
		const short = { refused: 'refused', reduced: detail ?? 'reduced', pending: 'pending', active: '' }[kind];
		return html`<span class=${`chip ${kind}`} role="listitem" title=${visible(words)}
			>${kind === 'refused' ? icon('bad', 'Refused') : kind === 'reduced' ? icon('warning', 'Reduced') : nothing}<button class="name cut" aria-haspopup="menu" @click=${(event: Event) => this.openMenu(subscription.target, event)}>${visible(subscription.target)}</button
			>${short ? html`<span>&nbsp;– ${visible(short)}</span>` : nothing}<button class="tool" title=${this.session.describe.words.unsubscribe}
				aria-label=${`${this.session.describe.words.unsubscribe} ${visible(subscription.target)}`}
				@click=${() => emit(this, 'mw-unsubscribe', subscription.target)}>${icon('close')}</button></span>`;
	}

	private openMenu(target: string, event: Event) {
		const button = event.currentTarget as HTMLElement;
		const { left, bottom } = button.getBoundingClientRect();
		const { remote, describe } = this.session;
		const failed = (error: unknown) => emitFailure(this, error);
		const kind = describe.pattern?.isPattern(target) ? 'pattern' : 'exact';
		this.menu.open(
			[
				{ label: 'Show only its messages', run: () => emit(this, 'mw-target-filter', { kind, value: target }) },
				{ label: 'Remember it in the profile', run: () => remote.keepSubscription(target, true).catch(failed) },
				{ label: 'Do not remember it', run: () => remote.keepSubscription(target, false).catch(failed) },
				{ label: 'Copy', run: () => remote.copy(target).catch(failed) },
				{ label: describe.words.unsubscribe, run: () => emit(this, 'mw-unsubscribe', target) },
			],
			left,
			bottom,
			() => button.focus(),
		);
	}

	private get problem(): string | undefined {
		const { subscription } = this.session.describe;
		return subscription?.check(this.target) ?? firstProblem(subscription?.fields ?? [], this.values);
	}

	private readonly submit = (event: Event) => {
		event.preventDefault();
		this.tried = true;
		if (this.problem) return;
		const fields = this.session.describe.subscription?.fields ?? [];
		emit(this, 'mw-subscribe', { target: this.target, ...usedValues(fields, this.values) });
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
		this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus();
	}

	private form() {
		const { subscription, words } = this.session.describe;
		if (!subscription) return nothing;
		const show = this.problem && (this.tried || this.target !== '') ? this.problem : undefined;
		return html`<form @submit=${this.submit} @keydown=${(event: KeyboardEvent) => {
			if (event.key === 'Escape') this.close();
			if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.submit(event);
		}} @mw-value=${(event: CustomEvent<{ key: string; value: FieldValue | undefined }>) => {
			this.values = { ...this.values, [event.detail.key]: event.detail.value };
		}}>
			<div class="row"><input class="text grow" spellcheck="false" placeholder=${subscription.placeholder} aria-label=${`${words.subscribe}: ${words.target}`} list="first"
				aria-invalid=${show ? 'true' : nothing} .value=${this.target} @input=${(event: Event) => {
					this.target = (event.target as HTMLInputElement).value;
				}}><datalist id="first">${subscription.suggest.map(({ target, label }) => html`<option value=${target}>${label}</option>`)}</datalist>
				<vscode-button @click=${this.submit}>${words.subscribe}</vscode-button><vscode-button appearance="secondary" @click=${() => this.close()}>Cancel</vscode-button></div>
			${show ? html`<div class="bad" role="alert">${show}</div>` : nothing}
			<mw-fields .fields=${subscription.fields} .values=${this.values}></mw-fields>
			<div class="dim">${subscription.sideEffect}</div></form>`;
	}

	override render() {
		const { words } = this.session.describe;
		return html`<div class="chips" role="list" aria-label="Subscriptions">${this.status.subscriptions.map((one) => this.chip(one))}
			${this.adding ? nothing : html`<button class="tool" @click=${() => this.open()}>${icon('add')} ${words.subscribe}</button>`}</div>
			${this.adding ? this.form() : nothing}<mw-menu></mw-menu>`;
	}
}
