export { BasicRegex } from './basic-regex';
export { BasicRegexError } from './syntax';
