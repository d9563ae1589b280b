// Validates PDF files with veraPDF against PDF/UA-1 and PDF/A-2a; ends with 1 when one of them does not pass.

import java.io.File;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        int failed = 0;
        for (String file : files) {
            for (PDFAFlavour flavour : List.of(PDFAFlavour.PDFUA_1, PDFAFlavour.PDFA_2_A)) {
                failed += passes(new File(file), flavour) ? 0 : 1;
            }
        }
        System.out.println((files.length * 2 - failed) + " passed, " + failed + " failed");
        System.exit(files.length > 0 && failed == 0 ? 0 : 1);
    }

    private static boolean passes(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + flavour + " " + file.getName()
                + " (" + result.getTotalAssertions() + " checks)");
            for (TestAssertion one : result.getTestAssertions()) {
                System.out.println("  " + one.getRuleId().getClause() + " " + one.getMessage() + " " + one.getLocation().getContext());
            }
            return result.isCompliant();
        }
    }
}
