package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnMailTest {

    @Test
    void eachSpellingOfDomainIsSameDomain() {
        OwnMail own = OwnMail.builder().domains(Set.of("B\u00fccher.example.")).build();

        assertThat(own.domains()).containsExactly("xn--bcher-kva.example");
        assertThat(own.isRemote("joe@b\u00fccher.example")).isFalse();
        assertThat(own.isRemote("joe@XN--bcher-kva.example.")).isFalse();
        assertThat(own.isRemote("joe@example.net")).isTrue();
    }

    @Test
    void rejectsTextThatIsNotDomain() {
        assertThatIllegalArgumentException().isThrownBy(() -> OwnMail.builder().domains(Set.of("no domain")));
    }
}
