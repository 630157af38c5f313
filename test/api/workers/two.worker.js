require('./own-cluster')();
