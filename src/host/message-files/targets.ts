import type * as vscode from 'vscode';
import { FailureError } from '../../base/failure';
import { unknownConnection } from '../../files/failures';
import type { ConnectionSpec } from '../../files/run/connection';
import { connectionOf, type RequestConnection } from '../../files/run/connections/request-connection';
import { describeUrl } from '../../files/run/connections/url-profile';
import type { MessageFile, Section } from '../../files/syntax/ast';
import { ruleSteps } from '../../files/values/steps';
import { shownUrl } from '../../model/profile/shown-url';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { pickConnection } from '../connections/connect';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';

/** Finds the connections that the requests of a file name. */
export interface Targets {
	/** The connection of requests that name none: the user's choice, or the only saved connection. */
	chosen(uri: vscode.Uri): StoredProfile | undefined;
	/** Asks the user; undefined if the user cancels. */
	choose(uri: vscode.Uri): Promise<StoredProfile | undefined>;
	/** Asks for a connection if a request needs one and none is chosen. Resolves with false if the user cancels. */
	ensure(uri: vscode.Uri, file: MessageFile, sections: readonly Section[]): Promise<boolean>;
	/** The saved connection that a request uses; undefined if it names a URL or a connection that does not exist. */
	used(connection: RequestConnection, uri: vscode.Uri): StoredProfile | undefined;
	/** The saved connection of a spec; undefined for a URL. Throws `unknown-connection`. */
	stored(spec: ConnectionSpec, uri: vscode.Uri): StoredProfile | undefined;
	describe(spec: ConnectionSpec, uri: vscode.Uri): ProtocolDescription | undefined;
	/** By name, then by id. */
	find(name: string): StoredProfile | undefined;
	names(): string[];
}

const chosenKey = (uri: vscode.Uri) => `files.connection:${uri.toString()}`;

export function createTargets(services: Services): Targets {
	const { profiles, context } = services;

	function find(name: string): StoredProfile | undefined {
		return profiles.profiles.find(({ profile }) => profile.name === name) ?? profiles.find(name);
	}

	function chosen(uri: vscode.Uri): StoredProfile | undefined {
		const id = context.workspaceState.get<string | undefined>(chosenKey(uri), undefined);
		const [only, more] = profiles.profiles;
		return (id === undefined ? undefined : profiles.find(id)) ?? (more ? undefined : only);
	}

	function stored(spec: ConnectionSpec, uri: vscode.Uri): StoredProfile | undefined {
		if (spec.profile === undefined) return spec.url === undefined ? chosen(uri) : undefined;
		const found = find(spec.profile);
		if (!found)
			throw new FailureError({
				...unknownConnection(shownUrl(spec.profile)),
				remedy: { text: 'Add Connection', command: 'messagingWorkbench.addConnection' },
			});
		return found;
	}

	async function choose(uri: vscode.Uri): Promise<StoredProfile | undefined> {
		const id = await pickConnection(services, 'Connection for This File', 'any');
		if (id === undefined) return undefined;
		await context.workspaceState.update(chosenKey(uri), id);
		return profiles.find(id);
	}

	return {
		chosen,
		choose,
		async ensure(uri, file, sections) {
			const needs = sections.some((section) => {
				const steps = ruleSteps(section).filter(({ reply }) => !reply);
				return [section, ...steps.map((step) => step.section)].some((one) => connectionOf(file, one).kind === 'none');
			});
			return !needs || chosen(uri) !== undefined || (await choose(uri)) !== undefined;
		},
		used(connection, uri) {
			if (connection.kind === 'none') return chosen(uri);
			return connection.kind === 'named' ? find(connection.name) : undefined;
		},
		stored,
		find,
		names: () => profiles.profiles.map(({ profile }) => profile.name),
		describe(spec, uri) {
			const named = spec.profile === undefined ? undefined : find(spec.profile);
			const saved = spec.profile === undefined && spec.url === undefined ? chosen(uri) : named;
			if (saved) return describe(saved.profile.protocol);
			return spec.profile === undefined ? describeUrl(spec) : undefined;
		},
	};
}
