import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PanelProfile } from '../../../src/model/contracts/panel-api';
import type { ConnectStep, SessionState, Status } from '../../../src/model/contracts/session';
import { isLoopback, urlWithLookupName } from '../../../src/model/profile/url';
import { unfinishedText } from '../../../src/model/text/words';
import { connectionActions, isOffered } from '../../../src/protocols/menus';
import { themeColor } from '../../base/colors';
import { productionBadge, productionStyles } from '../../base/production-badge';
import { controls, shared } from '../../base/styles';
import { number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { Menu } from '../../controls/menu';
import '../../controls/menu';
import { toolButton } from '../../controls/tool-button';
import { actionItem } from '../node-menu';
import { recordedButtons, recordedFacts } from '../recording';
import { isAlive, type PanelStore } from '../store';
import './recording';
import './security';
import './subscriptions';

const stepNames: Record<ConnectStep, string> = {
	lookup: 'looking up the name',
	tcp: 'connecting',
	tls: 'securing the connection',
	handshake: 'shaking hands',
	login: 'logging in',
};

/** The connection: its name, address, state, security and subscriptions. */
@customElement('mw-header')
export class Header extends LitElement {
	static override styles = [
		shared,
		controls,
		productionStyles,
		css`
			:host { container-type: inline-size; }
			.marked { border-top: 3px solid var(--vscode-messagingWorkbench-productionBadgeBackground); padding-top: 3px; }
			.all { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 6px 8px; border-bottom: 1px solid var(--line); flex: none; }
			h1 { margin: 0; font-size: 1.08em; font-weight: 600; max-width: 30ch; }
			.swatch { flex: none; width: 10px; height: 10px; border-radius: 5px; border: 1px solid var(--vscode-contrastBorder, transparent); }
			.url { max-width: 40ch; }
			.state { white-space: nowrap; }
			mw-subscriptions { flex: 1 1 100%; }
			@container (max-width: 560px) { .url { display: none; } }
			.fact { display: inline-flex; align-items: center; gap: 4px; white-space: nowrap; max-width: 60ch; }
			.buttons { margin-inline-start: auto; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) profile!: PanelProfile;
	@property({ attribute: false }) status!: Status;
	@query('mw-menu') private menu!: Menu;
	/** Drawn again while the time until the next attempt runs. */
	@state() private now = Date.now();
	private ticker: ReturnType<typeof setInterval> | undefined;

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => {
			if (this.status?.state.kind === 'retrying' && !document.hidden) this.now = Date.now();
		}, 500);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	/** The style, icon and text of a state. */
	private stateLine(state: SessionState): [style: string, name: string, text: string] {
		switch (state.kind) {
			case 'open':
				return state.unfinished
					? ['warn', 'watch', `Connected, ${unfinishedText(state.unfinished)}`]
					: ['good', 'circle-filled', 'Connected'];
			case 'connecting':
				return ['warn', 'circle-outline', `Connecting: ${stepNames[state.step]}…`];
			case 'retrying': {
				const seconds = Math.max(0, Math.ceil((state.at - this.now) / 1000));
				const next = seconds > 0 ? `Next attempt in ${number(seconds)} s` : 'Trying again';
				return ['warn', 'watch', `${next} (attempt ${number(state.attempt)})`];
			}
			case 'closing':
				return ['dim', 'circle-outline', 'Disconnecting…'];
			case 'closed':
				return state.failure ? ['bad', 'error', 'Not connected'] : ['dim', 'circle-outline', 'Not connected'];
		}
	}

	private state({ state }: Status) {
		const [style, name, text] = this.stateLine(state);
		const security = (open: typeof state & { kind: 'open' }) =>
			html`<mw-security .security=${open.security} .facts=${open.facts} .local=${isLoopback(this.profile.url)}></mw-security>`;
		return html`<span class="state" role="status"><span class=${style}>${icon(name)} ${text}</span></span>
			${state.kind === 'open' ? security(state) : nothing}`;
	}

	private connectButton({ state }: Status, alive: boolean) {
		const { store } = this;
		const label = !alive ? 'Connect' : state.kind === 'open' ? 'Disconnect' : 'Stop';
		const run = () => store.run(alive ? store.remote.disconnect() : store.remote.connect());
		return html`<vscode-button appearance=${alive ? 'secondary' : 'primary'} ?disabled=${state.kind === 'closing'}
			@click=${run}>${label}</vscode-button>`;
	}

	/** Attempts to connect at once, in place of waiting for the next attempt. */
	private tryNowButton({ state }: Status) {
		const { store } = this;
		if (state.kind !== 'retrying') return nothing;
		return html`<vscode-button @click=${() => store.run(store.remote.connect())}>Try Now</vscode-button>`;
	}

	private actionsButton({ state }: Status) {
		const { store } = this;
		const actions = connectionActions(store.describe).filter((action) => isOffered(action, this.status.states));
		if (actions.length === 0) return nothing;
		const open = (event: Event) => {
			const button = event.currentTarget as HTMLElement;
			const items = actions.map((action) => actionItem(store, { action }));
			void this.menu.open(items, button, () => button.focus());
		};
		return html`<button class="tool" title="Actions" aria-label="Actions" aria-haspopup="menu"
			?disabled=${state.kind !== 'open'} @click=${open}>${icon('ellipsis')}</button>`;
	}

	private recorded() {
		const { profile, status, store } = this;
		const failed = status.state.kind === 'closed' && status.state.failure !== undefined;
		return html`<div class="all"><h1 class="cut" title=${visible(profile.name)}>${visible(profile.name)}</h1>
			<span class="dim">${store.describe.label}</span>
			${failed ? html`<span class="bad">${icon('error')} Cannot be read</span>` : recordedFacts(store, status)}
			<div class="buttons row">${failed ? nothing : recordedButtons(store, status)}</div></div>`;
	}

	override render() {
		const { store, profile, status } = this;
		const { describe, remote } = store;
		if (store.recording) return this.recorded();
		const url = visible(urlWithLookupName(profile.url));
		const swatch = () => html`<span class="swatch" ${place({ background: themeColor(profile.color ?? '') })}></span>`;
		const subscriptions = () => html`<mw-subscriptions .store=${store} .status=${status}></mw-subscriptions>`;
		return html`<div class=${profile.production ? 'all marked' : 'all'}>${profile.color ? swatch() : nothing}
			<h1 class="cut" title=${url}>${visible(profile.name)}</h1>${profile.production ? productionBadge() : nothing}
			<span class="dim cut url">${describe.label} · ${url}</span>
			${this.state(status)}
			<div class="buttons row"><mw-recording .store=${store} .status=${status}></mw-recording>
				${this.tryNowButton(status)}${this.connectButton(status, isAlive(status))}${this.actionsButton(status)}
				${toolButton('edit', 'Edit Connection', () => store.run(remote.editProfile()))}</div>
			<mw-menu></mw-menu>
			${describe.subscription ? subscriptions() : nothing}</div>`;
	}
}
