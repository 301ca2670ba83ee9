package org.senderauth.server.page;

import java.util.List;

/**
 * One line of a picture of a tree. Immutable.
 *
 * @param label what it is
 * @param detail what became of it; may be empty
 * @param tone its meaning
 * @param children the lines below it
 */
public record TreeNode(String label, String detail, Tone tone, List<TreeNode> children) {

    /** Creates a line; the list is copied. */
    public TreeNode {
        children = List.copyOf(children);
    }

    /**
     * Creates a line without lines below it.
     *
     * @param label what it is
     * @param detail what became of it; may be empty
     * @param tone its meaning
     */
    public TreeNode(String label, String detail, Tone tone) {
        this(label, detail, tone, List.of());
    }
}
