import { html, LitElement, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../src/base/failure';
import { connect, type Remote } from '../../src/base/rpc';
import { type PanelApi, type PanelEvents, panelEventChecks } from '../../src/model/contracts/panel-api';
import { describe } from '../../src/protocols/descriptions';
import { port, rememberPage } from '../base/port';
import { shared } from '../base/styles';
import { reveal } from './choose-topic';
import type { Compose } from './compose/compose';
import type { Actions } from './header/actions';
import { drawLayout, layoutStyles } from './layout';
import type { Log } from './log/log';
import { onPartKey } from './part-keys';
import { recorded } from './recording';
import { PanelStore } from './store';
import type { Tree } from './tree/tree';
import type { PanelViews } from './views';
import '../base/failure-note';
import './header/actions';
import './compose/compose';
import './charts/charts';
import './detail/detail';
import './header/header';
import './log/log';
import './topology/topology';
import './tree/tree';

/** The workbench of one connection. */
@customElement('mw-panel')
export class Panel extends LitElement implements PanelViews {
	static override styles = [shared, layoutStyles];
	@state() private store: PanelStore | undefined;
	/** Why the panel could not be loaded. */
	@state() private fatal: Failure | undefined;
	@query('mw-log') readonly log!: Log | null;
	@query('mw-tree') readonly tree!: Tree | null;
	@query('mw-actions') readonly actions!: Actions | null;
	@query('mw-compose') readonly compose!: Compose | null;

	override connectedCallback() {
		super.connectedCallback();
		// On the window, because nothing in the panel may have the focus; while capturing, because the editor listens there as well.
		window.addEventListener('keydown', (event) => onPartKey(event, this.renderRoot), true);
		new ResizeObserver(() => this.store?.set({ width: this.width })).observe(this);
		const events: PanelEvents = {
			changed: (status) => this.store?.set({ status }),
			renamed: (profile) => {
				// Another protocol has another panel.
				if (this.store && this.store.profile.protocol !== profile.protocol) void this.load(remote);
				else this.store?.set({ profile });
			},
			reveal: (path, compose, fill) => void (this.store && reveal(this.store, path, compose, fill)),
			start: (what) => void this.store?.start(what),
		};
		// An hour: some requests wait for the user in one of the editor's dialogs.
		const { remote } = connect<PanelEvents, PanelApi>(port, events, panelEventChecks, {
			timeoutMs: 3_600_000,
			remedyCommands: true,
		});
		void this.load(remote);
	}

	private async load(remote: Remote<PanelApi>) {
		try {
			this.store = undefined;
			const init = await remote.init();
			await this.updateComplete;
			const { id, protocol } = init.profile;
			const found = describe(protocol);
			if (!found) throw new Error(`This version does not support the protocol "${protocol}".`);
			if (!init.recording) rememberPage({ profile: id });
			const description = init.recording ? recorded(found, init.recording) : found;
			this.store = new PanelStore(description, remote, this, init);
			this.store.width = this.width;
		} catch (error) {
			this.fatal = toFailure(error);
		}
	}

	private get width() {
		return this.clientWidth < 600 ? 'narrow' : this.clientWidth < 1100 ? 'medium' : 'wide';
	}

	private failure(store: PanelStore, failure: Failure) {
		return html`<mw-failure-note .failure=${failure} .onRemedy=${() => store.run(store.remote.remedy(failure))}
			.onDismiss=${() => store.set({ failure: undefined })}></mw-failure-note>`;
	}

	private lost(store: PanelStore) {
		const { state } = store.status;
		const failure = 'failure' in state ? state.failure : undefined;
		if (!failure) return nothing;
		const other = failure.otherProtocol === undefined ? undefined : describe(failure.otherProtocol);
		const run = () => store.run(store.remote.switchProtocol(other?.id ?? ''));
		return html`<mw-failure-note .failure=${failure} .switchTo=${other && { label: other.label, run }}
			.onRemedy=${() => store.run(store.remote.remedy(failure))}
			.onEdit=${() => store.run(store.remote.editProfile())}></mw-failure-note>`;
	}

	override render() {
		const { store, fatal } = this;
		if (!store) return fatal ? html`<mw-failure-note .failure=${fatal}></mw-failure-note>` : nothing;
		const { profile, status, failure } = store;
		return html`<div class="top" role="region" aria-label="Connection" data-part="connection">
			<mw-header .store=${store} .profile=${profile} .status=${status}></mw-header>
			${this.lost(store)}${failure ? this.failure(store, failure) : nothing}
			<mw-actions .store=${store} .status=${status}></mw-actions></div>
			<main>${drawLayout(store, this)}</main>`;
	}
}
