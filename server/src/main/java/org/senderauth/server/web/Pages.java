package org.senderauth.server.web;

/** Answers requests that passed the access rules. */
@FunctionalInterface
interface Pages {

    /**
     * Answers one.
     *
     * @param request the request
     * @return the response
     */
    WebResponse answer(WebRequest request);
}
