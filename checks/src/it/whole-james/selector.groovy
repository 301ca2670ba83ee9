// The app is 122 MB of downloads, so it is a peer: it runs where .ci/run says that no peer may be absent.
return System.getProperty('peers.required') == 'true'
