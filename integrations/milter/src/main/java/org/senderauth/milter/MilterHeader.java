package org.senderauth.milter;

/**
 * One header field of a message. Immutable.
 *
 * @param name its name
 * @param value its value, without the space after the colon; lines are separated by LF
 * @param index its place among the fields of this name, from 1
 */
public record MilterHeader(String name, String value, int index) {}
