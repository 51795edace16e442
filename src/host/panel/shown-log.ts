import { isRecord } from '../../base/check';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Profile } from '../../model/profile/profile';

/** A log whose connection is not saved, such as that of a recording: commands take it in place of the id of a connection. */
export interface ShownLog {
	profile: Pick<Profile, 'name' | 'protocol' | 'url'>;
	engine: Remote<EngineApi>;
}

export const isShownLog = (value: unknown): value is ShownLog =>
	isRecord(value) && isRecord(value.profile) && value.engine !== undefined;
