#!/usr/bin/env node
// npm links the commands of workspaces, not those of the project's root: this is what `npx onebox` runs in a checkout.
'use strict';
require('../../../bin/onebox');
