// Posts the answer to the platform by itself; without script, its button does.
document.getElementById("answer").submit();
