import * as vscode from 'vscode';
import type { Failure, PeerCertificate } from '../../base/failure';
import { certificatePin, fieldsOf, valueAt } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';
import { askModal, notify } from '../ui/notify';
import { showFailure } from '../ui/show';

const trust = 'Trust This Certificate…';
const edit = 'Edit Connection';
const copy = 'Copy';

/** Whether the user can trust the certificate that was refused. */
export function canTrust({ certificates }: Failure, protocol: string): boolean {
	const description = describe(protocol);
	return (
		(certificates?.length ?? 0) > 0 && !!description && fieldsOf(description).some(({ key }) => key === certificatePin)
	);
}

/**
 * Shows a certificate that was refused and offers to trust it for this connection. Resolves with true if the user trusts it
 * and the profile is saved.
 */
export async function offerTrust(
	{ profiles, log }: Pick<Services, 'profiles' | 'log'>,
	{ id, name }: Profile,
	error: unknown,
): Promise<boolean> {
	const failure = log.failure(error);
	log.error(name, failure);
	const { message, remedy } = failure;
	const choice = await notify('error', `${name}: ${message} ${remedy?.text ?? ''}`.trim(), trust, edit, copy);
	if (choice === edit) await vscode.commands.executeCommand('messagingWorkbench.editConnection', id);
	if (choice === copy) await vscode.env.clipboard.writeText(failureText(failure));
	if (choice !== trust) return false;
	const pin = await askTrust(name, failure);
	const stored = profiles.find(id);
	if (pin === undefined || !stored) return false;
	try {
		await profiles.update(id, withPin(stored.profile, pin));
		return true;
	} catch (thrown) {
		await showFailure(log, name, thrown);
		return false;
	}
}

/** Asks whether the certificate is trusted, with its chain. Resolves with its fingerprint. */
export async function askTrust(name: string, { message, certificates = [] }: Failure): Promise<string | undefined> {
	const [own] = certificates;
	if (!own) return undefined;
	const button = 'Trust';
	const detail = [
		message,
		'',
		...chainLines(certificates),
		'',
		'Compare the SHA-256 fingerprint with that of your server. Only this certificate is then accepted without verification, and only for this connection.',
	];
	const choice = await askModal('warning', `Trust this certificate for “${name}”?`, detail.join('\n'), button);
	return choice === button ? own.fingerprint : undefined;
}

/** The profile with the certificate that the user trusts. */
export function withPin(profile: Profile, pin: string): Profile {
	const [group = '', key = ''] = certificatePin.split('.');
	const before = valueAt(profile, group);
	return { ...profile, [group]: { ...(typeof before === 'object' ? before : {}), [key]: pin } };
}

/** A failure as text for the clipboard: the sentence, the evidence and the chain. */
export function failureText({ message, evidence, certificates = [] }: Failure): string {
	return [message, ...(evidence ? [evidence] : []), ...chainLines(certificates)].join('\n');
}

const day = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'unknown');

/** From the certificate of the peer upward, each with its problem. */
function chainLines(certificates: readonly PeerCertificate[]): string[] {
	return certificates.flatMap(({ subject, issuer, validFrom, validTo, fingerprint, problem }, at) => [
		`${at === 0 ? 'Certificate' : 'Signed by'}: ${subject}${problem ? ` – ${problem}` : ''}`,
		`Issuer: ${issuer}`,
		`Valid: ${validFrom === undefined ? '' : `${day(validFrom)} `}to ${day(validTo)}`,
		`SHA-256: ${fingerprint}`,
	]);
}
