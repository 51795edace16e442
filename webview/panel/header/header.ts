import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PanelProfile } from '../../../src/model/contracts/panel-api';
import type { ConnectStep, SessionState, Status } from '../../../src/model/contracts/session';
import { urlWithLookupName } from '../../../src/model/profile/url';
import { unfinishedText } from '../../../src/model/text/words';
import { emit } from '../../base/emit';
import { productionBadge, productionStyles } from '../../base/production-badge';
import { controls, shared } from '../../base/styles';
import { number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { Menu } from '../../controls/menu';
import '../../controls/menu';
import { actionItem } from '../tree/node-menu';
import './security';
import { isAlive, type Session } from '../session';
import './subscriptions';

export const stepWords: Record<ConnectStep, string> = {
	lookup: 'looking up the name',
	tcp: 'connecting',
	tls: 'securing the connection',
	handshake: 'shaking hands',
	login: 'logging in',
};

/** Who we talk to, how it stands, how it is secured, what is subscribed. */
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
			.buttons { margin-inline-start: auto; }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) profile!: PanelProfile;
	@property({ attribute: false }) status!: Status;
	@query('mw-menu') private menu!: Menu;
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

	private stateWords(state: SessionState) {
		switch (state.kind) {
			case 'open':
				if (state.unfinished)
					return html`<span class="warn">${icon('watch')} Connected, ${unfinishedText(state.unfinished)}</span>`;
				return html`<span class="good">${icon('circle-filled')} Connected</span>`;
			case 'connecting':
				return html`<span class="warn">${icon('circle-outline')} Connecting: ${stepWords[state.step]}…</span>`;
			case 'retrying': {
				const seconds = Math.max(0, Math.ceil((state.at - this.now) / 1000));
				return html`<span class="warn">${icon('watch')} ${seconds > 0 ? `Next attempt in ${number(seconds)} s` : 'Trying again'} (attempt ${number(state.attempt)})</span>`;
			}
			case 'closing':
				return html`<span class="dim">${icon('circle-outline')} Disconnecting…</span>`;
			case 'closed':
				return state.failure
					? html`<span class="bad">${icon('error')} Not connected</span>`
					: html`<span class="dim">${icon('circle-outline')} Not connected</span>`;
		}
	}

	private get actions() {
		return (this.session.describe.actions ?? []).filter((action) => action.on.connection);
	}

	private readonly openMenu = (event: Event) => {
		const button = event.currentTarget as HTMLElement;
		const { left, bottom } = button.getBoundingClientRect();
		const items = this.actions.map((action) => actionItem(this, { action }));
		void this.menu.open(items, left, bottom, () => button.focus());
	};

	override render() {
		const { session, profile, status } = this;
		const { describe } = session;
		const { state } = status;
		const alive = isAlive(status);
		return html`<div class=${profile.production ? 'all marked' : 'all'}>${profile.color ? html`<span class="swatch" ${place({ background: profile.color })}></span>` : nothing}
			<h1 class="cut" title=${visible(urlWithLookupName(profile.url))}>${visible(profile.name)}</h1>${profile.production ? productionBadge() : nothing}
			<span class="dim cut url">${describe.label} · ${visible(urlWithLookupName(profile.url))}</span>
			<span class="state" role="status">${this.stateWords(state)}</span>
			${state.kind === 'open' ? html`<mw-security .security=${state.security} .facts=${state.facts}></mw-security>` : nothing}
			<div class="buttons row">
				<vscode-button appearance=${alive ? 'secondary' : 'primary'} ?disabled=${state.kind === 'closing'}
					@click=${() => emit(this, alive ? 'mw-disconnect' : 'mw-connect')}>${alive ? (state.kind === 'open' ? 'Disconnect' : 'Stop') : 'Connect'}</vscode-button>
				${this.actions.length > 0 ? html`<button class="tool" title="Actions" aria-label="Actions" aria-haspopup="menu" ?disabled=${state.kind !== 'open'} @click=${this.openMenu}>${icon('ellipsis')}</button>` : nothing}
				<button class="tool" title="Edit the connection" aria-label="Edit the connection" @click=${() => emit(this, 'mw-edit')}>${icon('edit')}</button>
			</div>
			<mw-menu></mw-menu>
			${describe.subscription ? html`<mw-subscriptions .session=${session} .status=${status}></mw-subscriptions>` : nothing}</div>`;
	}
}
