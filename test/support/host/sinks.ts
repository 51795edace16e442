// What the tests load of the host in one bundle: everything that hands texts to the editor.

export { askFields } from '../../../src/host/actions/ask-fields';
export { createApprovals } from '../../../src/host/connections/approvals';
export { confirmProduction } from '../../../src/host/connections/confirm';
export { pickConnection } from '../../../src/host/connections/connect';
export { createLenses } from '../../../src/host/message-files/language/lenses';
export { detailsOf, ruleItem } from '../../../src/host/message-files/rules/view/items';
export { itemOf } from '../../../src/host/sidebar/items';
export { tooltipOf } from '../../../src/host/sidebar/labels';
export { plainMarkdown } from '../../../src/host/ui/markdown';
export { askModal, notify, withNotification } from '../../../src/host/ui/notify';
export { askText, createPick, pickMany, pickOne } from '../../../src/host/ui/prompt';
export { runRemedy, showFailure } from '../../../src/host/ui/show';
export { createStatusItem, flash } from '../../../src/host/ui/status-item';
export { testMessage, testOutput } from '../../../src/host/ui/test-message';
