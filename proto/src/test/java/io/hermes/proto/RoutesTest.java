package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

    private static final Routes ROUTES = Routes.parse(List.of(
            "path=/accounts/special conflict=",
            "path=/accounts/{id} conflict=id",
            "path=/accounts/{id}/history read-only=true level=session conflict=id",
            "path=/search methods=POST read-only",
            "path=/files/** read-only=true level=barrier",
            "path=/ read-only=true"));

    @Test
    void readOnlyIsGetAndHeadUnlessMethodsAreNamed() {
        assertThat(ROUTES.isReadOnly(request("GET", "/files/a"))).isTrue();
        assertThat(ROUTES.isReadOnly(request("HEAD", "/files/a/b?c=d"))).isTrue();
        assertThat(ROUTES.isReadOnly(request("POST", "/files/a"))).isFalse();
        assertThat(ROUTES.isReadOnly(request("POST", "/search"))).isTrue();
        assertThat(ROUTES.isReadOnly(request("GET", "/search"))).isFalse();
        assertThat(ROUTES.isReadOnly(request("GET", "/"))).isTrue();
    }

    @Test
    void partInBracesIsAnyOneSegment() {
        assertThat(ROUTES.conflict(request("PUT", "/accounts/7"))).isEqualTo("id=7");
        assertThat(ROUTES.conflict(request("GET", "/accounts/7/history?n=3"))).isEqualTo("id=7");
        assertThat(ROUTES.conflict(request("GET", "/accounts/7/other"))).isNull();
        assertThat(ROUTES.conflict(request("GET", "/accounts"))).isNull();
    }

    @Test
    void firstRouteThatFitsCounts() {
        assertThat(ROUTES.conflict(request("PUT", "/accounts/special"))).isNull();
        assertThat(ROUTES.conflict(request("PUT", "/accounts/%73pecial"))).isNull();
    }

    @Test
    void sameSegmentWrittenInAnotherWayIsTheSameConflict() {
        assertThat(ROUTES.conflict(request("PUT", "/accounts/%37"))).isEqualTo("id=7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/accounts//7",
                "/accounts/7/",
                "/accounts/.",
                "/accounts/..",
                "/accounts/%2e%2e",
                "/accounts/7;x=1",
                "/accounts/7%3Bx",
                "/accounts/a%2Fb",
                "/accounts/a%5Cb",
                "/accounts/a%252Fb",
                "/accounts/%",
                "/accounts/%4",
                "/accounts/%zz",
                "*",
                "http://elsewhere/accounts/7"
            })
    void whatAnAppMayReadInAnotherWayFitsNoRoute(String target) {
        assertThat(ROUTES.find(request("PUT", target))).isNull();
    }

    @Test
    void textsAreReadAsTheyWereWritten() {
        assertThat(Routes.parse(ROUTES.texts())).isEqualTo(ROUTES);
    }

    @ParameterizedTest
    @CsvSource({
        "path=accounts, begins with no slash",
        "path=/a conflict=id, has no part {id}",
        "path=/a{id} conflict=id, has no part {id}",
        "path=/a level=barrier, is for routes with read-only=true",
        "path=/a read-only=true level=fresh, 'wanted one of ordered, barrier, session, local'",
        "path=/a read-only=maybe, wanted true or false",
        "path=/a writes=true, 'writes=true'"
    })
    void wrongRouteIsRefusedWithWhatWasWanted(String text, String message) {
        assertThatThrownBy(() -> Route.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void moreThanAHundredRoutesAreRefused() {
        List<String> many = java.util.Collections.nCopies(101, "path=/a");

        assertThatThrownBy(() -> Routes.parse(many)).hasMessageContaining("101 routes, wanted at most 100");
    }

    @Test
    void routesNeedTheLevelOfFeaturesThatKnowsThem() {
        Settings settings = Settings.BEFORE_ANY_RECORD.withRoutes(ROUTES);

        assertThat(settings.featureLevel()).isEqualTo(2);
        assertThat(settings.withRoutes(Routes.NONE).featureLevel()).isEqualTo(1);
    }

    private static Request request(String method, String target) {
        return new Request(method, target, List.of(), new byte[0]);
    }
}
