// What the tests of rules load of the host in one bundle.

export { FailureError, fail } from '../../../src/base/failure';
export { startRule } from '../../../src/files/rules/rule';
export { confirmProductionRule } from '../../../src/host/connections/confirm';
export { parsed } from '../../../src/host/message-files/parsed';
export { reportLenses, ruleLenses, ruleNotes } from '../../../src/host/message-files/rules/lens-commands';
export { isEndlessRule, usesOf } from '../../../src/host/message-files/rules/matching';
export { createRuleProblems } from '../../../src/host/message-files/rules/problems';
export { createRuleRuns } from '../../../src/host/message-files/rules/registry';
export { createRuleStates } from '../../../src/host/message-files/rules/states';
export { detailsOf, ruleItem } from '../../../src/host/message-files/rules/view/items';
export { createRememberedRules } from '../../../src/host/message-files/rules/view/remembered';
export { createRuleList } from '../../../src/host/message-files/rules/view/rule-list';
export { createRulesView } from '../../../src/host/message-files/rules/view/rules-view';
export { createRuleSearch } from '../../../src/host/message-files/rules/view/search';
export { stateText } from '../../../src/host/message-files/rules/words';
export { createOpener } from '../../../src/host/message-files/run/connect';
