/** The body of the 400 when a call needs the name of a table and gets none. */
export const APP_NAME_EMPTY = "app name shouldn't be empty";
